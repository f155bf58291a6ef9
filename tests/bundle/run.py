"""A finished run in miniature: random generators, a trained classifier, and the plan of its export."""

from pathlib import Path

import numpy as np
import torch

from bsnpp.bundle.plan import PLAN_FILE, ExportPlan
from bsnpp.classification.classifier_files import save_classifier
from bsnpp.classification.video_classifier import train_classifier
from bsnpp.classification.video_classifier_settings import ClassifierSettings
from bsnpp.core.calibration import UNCHANGED, Calibration
from bsnpp.core.checksums import write_checked_text
from bsnpp.core.class_list import write_classes
from bsnpp.detection.calibration import rank_calibration
from bsnpp.detection.calibration_files import write_calibrations
from bsnpp.fusion.map_calibration import MapCalibration, write_map_calibrations
from bsnpp.models.build import build_generator, save_generator
from bsnpp.models.settings import BMNSettings, BSNPPSettings, MatchingSettings, ProposalSettings
from bsnpp.stores.evaluations import write_evaluation, write_resamples

CLASSES = ["Archery", "Bowling", "Curling"]
CHANNELS = {"two": {"rgb": 5, "flow": 3}, "one": {"rgb": 4}, "unused": {"rgb": 7}}
"""Channels of each stream of each encoder."""
MATCHING = MatchingSettings(bins=4, samples_per_bin=2, input_channels=8, filters=8)
GENERATORS: dict[str, ProposalSettings] = {
    "bsnpp": BSNPPSettings(base_channels=8, boundary_channels=8, relation_channels=8, matching=MATCHING),
    "bmn": BMNSettings(base_channels=8, groups=1, confidence_channels=8, matching=MATCHING),
}
MEMBERS = {
    "bsnpp": {"two/pretrained": 0.25, "one/scratch": 0.75},
    "bmn": {"two/scratch": 1.0, "unused/scratch": 0.0},
}
"""Weight of each member of each generator."""
SCORED = {"variant": "D", "videos": 4, "instances": 6, "average_map": 0.25}
SCORED |= {"tiou_thresholds": [0.5, 0.75], "map": [0.3, 0.2]}


def plan(outside: bool = True) -> ExportPlan:
    """Return the plan, with an outside classifier beside the trained one or without."""
    panel = [{"name": "own", "source": "trained", "encoders": ["two"], "model": "own.safetensors"}]
    if outside:
        panel.append({"name": "theirs", "source": "outside", "scores": "probabilities"})
        panel.append({"name": "useless", "source": "outside"})
    return ExportPlan.model_validate(
        {
            "challenge": "small",
            "variant": "D",
            "encoders": {
                encoder: [{"name": name, "channels": channels} for name, channels in streams.items()]
                for encoder, streams in CHANNELS.items()
            },
            "training_scale": 8,
            "scales": {"training": 8, "regimes": [{"below": 60, "scale": 6}, {"scale": 8}]},
            "rescaling": {},
            "inference": {"batch_size": 2},
            "fusion": {},
            "detection": {"ensemble": "rank", "per_video": 20},
            "compute": {},
            "external_data": "networks trained elsewhere",
            "generators": [
                {
                    "name": name,
                    "score": "paper" if name == "bsnpp" else "recall",
                    "weights": f"{name}.csv",
                    "calibrations": "bmn.json" if name == "bmn" else None,
                    "models": {member: f"{name}.{member.replace('/', '.')}" for member in members},
                }
                for name, members in MEMBERS.items()
            ],
            "panel": panel,
            "panel_weights": "panel.csv",
            "classes": "classes.txt",
            "calibration": "calibration.json",
            "evaluations": {"testing": {"scores": "testing.json", "resamples": "testing.npy"}},
        }
    )


def make_run(folder: Path, outside: bool = True) -> Path:
    """Write every file of the run; returns its folder."""
    folder.mkdir(exist_ok=True)
    chosen = plan(outside)
    write_checked_text(folder / PLAN_FILE, chosen.model_dump_json())
    torch.manual_seed(0)
    for generator in chosen.generators:
        settings = GENERATORS[generator.name]
        for member, path in generator.models.items():
            channels = sum(CHANNELS[member.split("/")[0]].values())
            save_generator(folder / path, build_generator(channels, settings))
        rows = "".join(f"{member},{weight!r}\n" for member, weight in MEMBERS[generator.name].items())
        write_checked_text(folder / generator.weights, f"member,weight\n{rows}")
    steep = MapCalibration(Calibration(np.array([0.2, 0.8]), np.array([0.1, 0.9])), UNCHANGED)
    write_map_calibrations(folder / "bmn.json", dict.fromkeys(MEMBERS["bmn"], steep))
    features = np.random.default_rng(1).normal(size=(12, 8, 8)).astype(np.float32)
    labels = [CLASSES[row % 3] for row in range(12)]
    save_classifier(
        folder / "own.safetensors", train_classifier(features, labels, CLASSES, ClassifierSettings())
    )
    weights = {"own": (0.625, 1.25), "theirs": (0.375, 0.8), "useless": (0.0, 1.0)}
    rows = "".join(f"{name},{weight!r},{heat!r}\n" for name, (weight, heat) in weights.items())
    write_checked_text(folder / "panel.csv", f"member,weight,temperature\n{rows}")
    write_classes(folder / "classes.txt", CLASSES)
    scores = np.random.default_rng(2).random(50)
    write_calibrations(folder / "calibration.json", [UNCHANGED, rank_calibration(scores, np.zeros(50))])
    write_evaluation(folder / "testing.json", {**SCORED, "subset": "testing"})
    write_resamples(folder / "testing.npy", np.random.default_rng(3).random((100, 2)) / 5)
    return folder


def video_features(seed: int, snippets: int = 11) -> dict[str, dict[str, np.ndarray]]:
    """Return the features of a new video by encoder and stream."""
    rng = np.random.default_rng(seed)
    return {
        encoder: {
            name: rng.normal(size=(snippets, channels)).astype(np.float32)
            for name, channels in CHANNELS[encoder].items()
        }
        for encoder in ("two", "one")
    }


def video_scores(seed: int) -> dict[str, np.ndarray]:
    """Return the scores of a new video by the outside classifier."""
    return {"theirs": np.random.default_rng(seed).dirichlet(np.ones(3))}
