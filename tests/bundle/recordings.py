"""A finished run with windows in miniature: a generator, two classifiers of snippets, and a recogniser."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bsnpp.bundle.bundle import Bundle
from bsnpp.bundle.export import export_bundle
from bsnpp.bundle.loading import load
from bsnpp.bundle.plan import PLAN_FILE, ExportPlan
from bsnpp.core.calibration import UNCHANGED
from bsnpp.core.checksums import write_checked_text
from bsnpp.core.class_list import write_classes
from bsnpp.detection.calibration_files import write_calibrations
from bsnpp.models.build import build_generator, save_generator
from bsnpp.models.settings import BMNSettings, MatchingSettings
from bsnpp.recogniser.recogniser import train_recogniser
from bsnpp.recogniser.recogniser_files import save_recogniser
from bsnpp.snippets.classifier import train_snippet_classifier
from bsnpp.snippets.classifier_files import save_snippet_classifier
from bsnpp.snippets.classifier_settings import SnippetClassifierSettings
from tests.recogniser.recordings import SECONDS, SETTINGS, world

CLASSES = ["run", "walk"]
EXTENT = 60.0
MODEL = BMNSettings(
    base_channels=8,
    groups=1,
    confidence_channels=8,
    matching=MatchingSettings(bins=4, samples_per_bin=2, input_channels=8, filters=8),
)


def plan(**changes: Any) -> ExportPlan:
    """Return the plan of a recognised variant, with changed keys."""
    content = {
        "challenge": "small",
        "variant": "recognised",
        "encoders": {
            "moves": [{"name": "signal", "channels": 4}],
            "scores": [{"name": "classes", "channels": 3}],
        },
        "windows": {"cells": 16, "cell_seconds": 1.0, "overlap": 0.5, "snippet_seconds": SECONDS},
        "training_scale": 16,
        "scales": 16,
        "inference": {"batch_size": 4},
        "detection": {"per_video": 50},
        **{name: {} for name in ("rescaling", "fusion", "compute")},
        "generators": [
            {"name": "bmn", "score": "recall", "weights": "bmn.csv", "models": {"moves/scratch": "bmn"}}
        ],
        "panel": [
            {"name": "own", "source": "snippets", "encoders": ["moves", "scores"], "model": "own"},
            {"name": "theirs", "source": "encoder", "encoders": ["scores"], "scores": "logits"},
        ],
        "panel_weights": "panel.csv",
        "recogniser": {"model": "recogniser", "encoders": ["moves", "scores"]},
        "classes": "classes.txt",
    }
    return ExportPlan.model_validate(content | changes)


def make_run(folder: Path, **changes: Any) -> Path:
    """Write every file of the run; returns its folder."""
    folder.mkdir(exist_ok=True)
    write_checked_text(folder / PLAN_FILE, plan(**changes).model_dump_json())
    torch.manual_seed(0)
    save_generator(folder / "bmn", build_generator(4, MODEL))
    write_checked_text(folder / "bmn.csv", "member,weight\nmoves/scratch,1.0\n")
    write_checked_text(folder / "panel.csv", "member,weight,temperature\nown,0.75,1.5\ntheirs,0.25,0.5\n")
    write_classes(folder / "classes.txt", CLASSES)
    write_calibrations(folder / "calibration", [UNCHANGED])
    recordings, truth = world(0, 6)
    settings = SETTINGS.model_copy(update={"encoders": ("moves",)})
    save_recogniser(folder / "recogniser", train_recogniser(recordings, truth, CLASSES, SECONDS, settings, 0))
    rng = np.random.default_rng(0)
    sequences = {name: rng.normal(size=(80, 7)).astype(np.float32) for name in ("x", "y")}
    targets = {name: sequence[:, :3].argmax(axis=1) for name, sequence in sequences.items()}
    names = ["background", *CLASSES]
    own = train_snippet_classifier(sequences, targets, names, SECONDS, SnippetClassifierSettings(), 0)
    save_snippet_classifier(folder / "own", own)
    return folder


def make_bundle(folder: Path, **changes: Any) -> Path:
    """Write the run and its bundle; returns the bundle."""
    export_bundle(make_run(folder / "results", **changes), folder / "small.zip")
    return folder / "small.zip"


def edited_bundle(folder: Path, path: Path, **changes: Any) -> Bundle:
    """Load a bundle with other keys in its manifest."""

    with zipfile.ZipFile(path) as source, zipfile.ZipFile(folder / "edited.zip", "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "bundle.json":
                data = json.dumps(json.loads(data) | changes).encode()
            target.writestr(name, data)
    return load(folder / "edited.zip")


def features(seed: int) -> dict[str, np.ndarray]:
    """Return the features of a recording of 60 s."""
    rng = np.random.default_rng(seed)
    sequence = world(seed, 1)[0]["r0"].sequence
    return {"moves": sequence, "scores": rng.normal(size=(120, 3)).astype(np.float32)}
