"""Formats of files between stages: how a small valid file is written, and how it is read."""

from functools import partial
from pathlib import Path

import numpy as np
import torch

from bsnpp.bundle.plan import read_plan
from bsnpp.classification.classifier_files import load_classifier, save_classifier
from bsnpp.classification.video_classifier import train_classifier
from bsnpp.classification.video_classifier_settings import ClassifierSettings
from bsnpp.core.calibration import UNCHANGED
from bsnpp.core.checksums import write_checked_text
from bsnpp.core.class_list import read_classes, write_classes
from bsnpp.detection.calibration import rank_calibration
from bsnpp.detection.calibration_files import read_calibrations, write_calibrations
from bsnpp.features.manifest import Entry, write_manifest
from bsnpp.models.build import build_generator, load_generator, save_generator
from bsnpp.stores import class_scores, detections, encoded, evaluations, features, maps, snippet_scores
from bsnpp.stores.csv_tables import read_csv
from bsnpp.stores.flow import read_flow, write_flow
from bsnpp.stores.flow_list import read_flow_list, write_flow_list
from bsnpp.stores.tables import read_table, write_table
from bsnpp.stores.video_lists import read_video_list, write_video_list
from bsnpp.stores.weights import read_weights
from bsnpp.stores.windows import read_windows
from bsnpp.summary.manifest import feature_digest
from bsnpp.training.checkpoint import Progress, load_checkpoint, save_checkpoint
from bsnpp.training.metrics import write_metrics
from tests.bundle.run import make_run
from tests.features.files import sequence_of
from tests.fuzz.damage import BINARY, TEXT
from tests.fuzz.samples import CLASSES, DETECTIONS, GRID, LOGITS, RNG, TABLE, VIDEOS, Format
from tests.models.small import BMN


def plan(path: Path) -> None:
    """Read the plan of an export."""
    read_plan(path.parent)


def write_plan(path: Path) -> None:
    """Write a run with the plan of an export."""
    make_run(path.parent)


def map_file(kind: maps.Kind, path: Path) -> None:
    """Read all maps."""
    file = (maps.open_member if kind == "member" else maps.open_fused)(path)
    file.read(range(len(file.videos)))


def write_maps(kind: maps.Kind, path: Path) -> None:
    """Write maps."""
    channels = 2 if kind == "member" else 3
    batch = RNG.random((3, 2, 5)), RNG.random((3, channels, len(GRID)))
    maps.write_maps(path, GRID, VIDEOS, [batch], kind)


def feature_store(path: Path) -> None:
    """Read all rescaled features."""
    with features.FeatureStore(path) as store:
        store.read_all()


def write_feature_store(path: Path) -> None:
    """Write rescaled features."""
    items = ((video, sequence_of(6).T) for video in VIDEOS)
    features.write_features(path, "e", 6, 3, items, VIDEOS)


def write_snippets(path: Path) -> None:
    """Write scores of snippets."""
    scores = snippet_scores.SnippetScores(
        ["a"], np.array([4]), ["background", *CLASSES], RNG.normal(size=(4, 3)).astype(np.float32), 0.5
    )
    snippet_scores.write_snippet_scores(path, scores)


def write_encoded(path: Path) -> None:
    """Write encoded videos."""
    numbers = {"rate": 4.0, "seconds": 2.0, "coverage": 1.0}
    encoded.write_encoded(path, [("a", sequence_of(5), numbers)])


def write_model(path: Path) -> None:
    """Write a generator."""
    torch.manual_seed(0)
    save_generator(path, build_generator(8, BMN))


def write_classifier(path: Path) -> None:
    """Write a classifier."""
    rows = RNG.normal(size=(8, 3, 4)).astype(np.float32)
    save_classifier(path, train_classifier(rows, CLASSES * 4, CLASSES, ClassifierSettings()))


def checkpoint(path: Path) -> None:
    """Read a checkpoint."""
    load_checkpoint(path, "digest", "cpu")


def write_flow_file(path: Path) -> None:
    """Write optical flow."""
    flows = RNG.integers(0, 255, (3, 4, 5, 2), dtype=np.uint8)
    write_flow(path, flows, "digest", lambda: {"rate": 4.0})


def flow(path: Path) -> None:
    """Read optical flow."""
    list(read_flow(path))


CHAIN: dict[str, Format] = {
    "features": Format("f.h5", write_feature_store, feature_store, BINARY, True),
    "member maps": Format("m.h5", partial(write_maps, "member"), partial(map_file, "member"), BINARY, True),
    "fused maps": Format("m.h5", partial(write_maps, "fused"), partial(map_file, "fused"), BINARY, True),
    "class scores": Format(
        "c.h5",
        partial(class_scores.write_score_file, scores=class_scores.ClassScores(VIDEOS, CLASSES, LOGITS)),
        class_scores.read_score_file,
        BINARY,
        True,
    ),
    "panel": Format(
        "p.h5",
        partial(class_scores.write_panel_file, videos=VIDEOS, classes=CLASSES, probability=LOGITS),
        class_scores.read_panel_file,
        BINARY,
        True,
    ),
    "snippet scores": Format("s.h5", write_snippets, snippet_scores.read_snippet_scores, BINARY, True),
    "encoded videos": Format("e.h5", write_encoded, encoded.read_durations, BINARY, True),
    "detections": Format(
        "d.parquet",
        partial(detections.write_detections, detections=DETECTIONS),
        detections.read_detections,
        BINARY,
        True,
    ),
    "proposals": Format(
        "p.parquet",
        partial(detections.write_proposals, proposals=DETECTIONS),
        detections.read_proposals,
        BINARY,
        True,
    ),
    "resamples": Format(
        "r.npy",
        partial(evaluations.write_resamples, resamples=LOGITS),
        evaluations.read_resamples,
        BINARY,
        True,
    ),
    "generator": Format("g.safetensors", write_model, load_generator, BINARY, True),
    "classifier": Format("c.safetensors", write_classifier, load_classifier, BINARY, True),
    "checkpoint": Format(
        "k.pt",
        partial(save_checkpoint, digest="digest", progress=Progress(), states={"w": torch.ones(3)}),
        checkpoint,
        BINARY,
        True,
    ),
    "optical flow": Format("f.zip", write_flow_file, flow, BINARY),
    "table of videos": Format("v.tsv", partial(write_table, table=TABLE), read_table, TEXT, True),
    "windows": Format(
        "w.tsv",
        partial(write_checked_text, text="window\tvideo\tstart\tend\na.0\ta\t0\t2\n"),
        read_windows,
        TEXT,
        True,
    ),
    "list of videos": Format("l.txt", partial(write_video_list, videos=VIDEOS), read_video_list, TEXT, True),
    "list of classes": Format("c.txt", partial(write_classes, classes=CLASSES), read_classes, TEXT, True),
    "archives of flow": Format(
        "f.json", partial(write_flow_list, archives={"a": Path("a.zip")}), read_flow_list, TEXT, True
    ),
    "losses": Format(
        "m.csv",
        partial(write_metrics, metrics=[{"epoch": 1, "loss": 0.5}]),
        partial(read_csv, checked=True),
        TEXT,
        True,
    ),
    "features that were read": Format(
        "m.csv",
        partial(write_manifest, entries=[Entry("a", "rgb", "a.npy", 2, 1.0, "0f", "")]),
        feature_digest,
        TEXT,
        True,
    ),
    "weights of members": Format(
        "w.csv", partial(write_checked_text, text="member,weight\nx,0.25\ny,0.75\n"), read_weights, TEXT, True
    ),
    "calibrations": Format(
        "c.json",
        partial(
            write_calibrations,
            calibrations=[UNCHANGED, rank_calibration(np.linspace(0.0, 1.0, 20), np.zeros(20))],
        ),
        read_calibrations,
        TEXT,
        True,
    ),
    "evaluation": Format(
        "e.json",
        partial(evaluations.write_evaluation, evaluation={"variant": "A", "subset": "testing", "map": [0.5]}),
        evaluations.read_evaluation,
        TEXT,
        True,
    ),
    "plan of an export": Format("export.json", write_plan, plan, TEXT, True),
}
