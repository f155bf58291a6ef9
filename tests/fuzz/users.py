"""Formats of files that users bring: how a small valid file is written, and how it is read."""

import pickle
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import safetensors.torch
import torch
import yaml

from bsnpp.annotations.exclusion import read_excluded
from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.annotations.groups import read_groups
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.bundle import inputs as bundle_inputs
from bsnpp.bundle.export import export_bundle
from bsnpp.bundle.loading import load
from bsnpp.challenge.config_files import read_config
from bsnpp.challenge.load import load_challenge
from bsnpp.challenge.sheets import Classifier, EncoderStream, ExternalFiles, read_sheet
from bsnpp.classification.outside_results import read_scores
from bsnpp.core.class_list import read_classes
from bsnpp.core.errors import UserError
from bsnpp.detection.external_files import read_external
from bsnpp.evaluation.predictions import read_predictions
from bsnpp.features.streams import open_source
from bsnpp.models.public_weights import import_bmn, read_state
from bsnpp.submission.checks import validate_submission
from tests.annotations.database import DATABASE
from tests.bundle.run import make_run
from tests.challenge.plans import CLASSIFIERS, ENCODERS, EXTERNAL, SMALL
from tests.features.files import WRITERS, sequence_of, stream_of
from tests.fuzz.damage import BINARY, TEXT
from tests.fuzz.samples import (
    CLASSES,
    DETECTIONS,
    LOGITS,
    SUBMISSION,
    TABLE,
    VIDEOS,
    Format,
    write_json,
    write_text,
)
from tests.models.public_models import textbook


def annotations(layout: str, path: Path, **keys: Any) -> None:
    """Read every subset of annotations."""
    settings = AnnotationSettings.model_validate({"layout": layout, "path": str(path), **keys})
    truth = read_annotations(settings)
    for subset in ("training", "validation"):
        truth.subset(subset)


def flat_annotations(path: Path) -> None:
    """Read the layout `bmn` with its table of subsets."""
    annotations("bmn", path, subset_table=str(path.parent / "info.csv"))


def subset_table(path: Path) -> None:
    """Read a table of subsets with its annotations."""
    annotations("bmn", path.parent / "flat.json", subset_table=str(path))


def write_flat(folder: Path) -> None:
    """Write annotations in the layout `bmn`."""
    keys = {"duration_second": 10.0, "duration_frame": 200, "feature_frame": 160}
    entry = {**keys, "annotations": [{"segment": [1, 2], "label": "run"}]}
    write_json({"v_a": entry, "v_b": entry}, folder / "flat.json")
    write_text("video,numFrame,subset\nv_a,1,training\nv_b,1,validation\n", folder / "info.csv")


def stream(path: Path) -> None:
    """Read the features of a video, from a folder of files."""
    open_source(stream_of(path.parent, pattern="{video}")).read("a")


def hdf5_stream(path: Path) -> None:
    """Read the features of a video, from an HDF5 file with all of them."""
    open_source(stream_of(path)).read("a")


def write_hdf5(path: Path) -> None:
    """Write the features of several videos."""
    with h5py.File(path, "w") as file:
        for video in VIDEOS:
            file[f"v_{video}"] = sequence_of(5)


def write_container(name: str, path: Path) -> None:
    """Write features in a container."""
    WRITERS[name](path.with_suffix(""), sequence_of(5))


class Hostile:
    """An object whose pickle runs a program."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (eval, ("open('canary', 'w').close()",))


def write_pickle(path: Path) -> None:
    """Write a pickle that runs a program."""
    path.write_bytes(pickle.dumps(Hostile()))


def write_hostile_tensors(path: Path) -> None:
    """Write a file of PyTorch that runs a program if it is loaded as a pickle."""
    torch.save({"state_dict": Hostile()}, path)


def configuration(path: Path) -> None:
    """Read a configuration and check its keys."""
    config = read_config([path])
    try:
        load_challenge(config)
    except UserError as error:  # several files may be merged, so messages name the keys
        raise UserError(f"{path}: {error}") from error


def weights(path: Path) -> None:
    """Import public weights."""
    import_bmn(read_state(path), str(path))


def write_weights(path: Path) -> None:
    """Write public weights."""
    torch.manual_seed(0)
    state = textbook("jjboy", channels=4, scale=5).state_dict()
    (safetensors.torch.save_file if path.suffix == ".safetensors" else torch.save)(state, path)


def write_bundle(path: Path) -> None:
    """Write a bundle."""
    run = make_run(path.parent / "run")
    export_bundle(run, path)


THUMOS_SUBSETS = {"a": "Validation", "b": "Validation", "c": "Test"}
THUMOS = {
    "version": "Thumos14",
    "database": {video: {**DATABASE[video], "subset": name} for video, name in THUMOS_SUBSETS.items()},
}
SEGMENTS = "video,start,end,label,subset,duration\na,1,2,run,training,9\nb,0.5,3,run,validation,8\n"
ROWS = "\n".join(f"{row.video} {row.start} {row.end} 7 {row.score}" for row in DETECTIONS.itertuples())

USERS: dict[str, Format] = {
    "annotations: ActivityNet": Format(
        "a.json", partial(write_json, {"database": DATABASE}), partial(annotations, "activitynet")
    ),
    "annotations: THUMOS": Format("a.json", partial(write_json, THUMOS), partial(annotations, "thumos")),
    "annotations: flat": Format("flat.json", lambda path: write_flat(path.parent), flat_annotations),
    "annotations: subsets": Format("info.csv", lambda path: write_flat(path.parent), subset_table),
    "annotations: CSV": Format("a.csv", partial(write_text, SEGMENTS), partial(annotations, "csv")),
    **{
        f"features: {name}": Format(
            f"a.{name.split()[0].rstrip(',')}",
            partial(write_container, name),
            stream,
            TEXT if name.startswith("csv") else BINARY,
        )
        for name in WRITERS
    },
    "features: one HDF5 file": Format("all.h5", write_hdf5, hdf5_stream, BINARY),
    "features: hostile pickle": Format("a.pkl", write_pickle, stream, BINARY),
    "features: hostile tensors": Format("a.pt", write_hostile_tensors, stream, BINARY),
    "class scores: rows": Format(
        "s.json",
        partial(write_json, {"results": dict(zip(VIDEOS, LOGITS.tolist(), strict=True)), "class": CLASSES}),
        partial(read_scores, classes=CLASSES, videos=VIDEOS, kind="logits"),
    ),
    "class scores: lists": Format(
        "s.json",
        partial(write_json, {"results": {v: [{"label": "run", "score": 0.7}] for v in VIDEOS}}),
        partial(read_scores, classes=CLASSES, videos=VIDEOS, kind="probabilities"),
    ),
    "encoders.tsv": Format(
        "encoders.tsv",
        partial(write_text, ENCODERS),
        partial(read_sheet, kind=EncoderStream, placeholders={"results": "r"}),
    ),
    "classifiers.tsv": Format(
        "classifiers.tsv",
        partial(write_text, CLASSIFIERS),
        partial(read_sheet, kind=Classifier, placeholders={"results": "r"}),
    ),
    "external.tsv": Format(
        "external.tsv",
        partial(write_text, EXTERNAL),
        partial(read_sheet, kind=ExternalFiles, placeholders={}),
    ),
    "config.yaml": Format("config.yaml", partial(write_text, yaml.safe_dump(SMALL)), configuration),
    "config.json": Format("config.json", partial(write_json, SMALL), configuration),
    "external detections: JSON": Format(
        "s.json", partial(write_json, SUBMISSION), partial(read_external, videos=TABLE, classes=CLASSES)
    ),
    "predictions: text": Format("s.txt", partial(write_text, f"{ROWS}\n"), read_predictions),
    "submission": Format(
        "s.json",
        partial(write_json, SUBMISSION),
        partial(validate_submission, videos=TABLE, classes=CLASSES, per_video=100),
    ),
    "weights: PyTorch": Format("w.pth", write_weights, weights, BINARY),
    "weights: safetensors": Format("w.safetensors", write_weights, weights, BINARY),
    "weights: hostile": Format("w.pth", write_hostile_tensors, weights, BINARY),
    "groups": Format(
        "groups.tsv",
        partial(write_text, "video\tgroup\na\tx\nb\tx\nc\ty\n"),
        partial(read_groups, videos=VIDEOS),
    ),
    "classes": Format(
        "classes.txt", partial(write_text, "run\njump\n"), partial(read_classes, required=False)
    ),
    "excluded videos": Format("excluded.txt", partial(write_text, "a\nb\n"), read_excluded),
    "durations": Format(
        "videos.tsv",
        partial(write_text, "video\tduration\na\t4.5\nb\t10\n"),
        bundle_inputs.read_durations,
    ),
    "bundle": Format("b.zip", write_bundle, load, BINARY),
}
