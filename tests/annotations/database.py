"""A small set of annotations, which tests write in every layout."""

import copy
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.core.errors import UserError

DATABASE: dict[str, Any] = {
    "b": {
        "subset": "training",
        "duration": 10,
        "url": "u",
        "annotations": [
            {"segment": [5, 7.5], "label": "run"},
            {"segment": [1.0, 2.0], "label": "jump"},
        ],
    },
    "a": {"subset": "training", "duration": 4.5, "annotations": []},
    "c": {"subset": "Validation ", "duration": 8.0, "annotations": [{"segment": [0, 9], "label": "run"}]},
    "d": {"subset": "testing", "duration": 3.0},
}


def settings_for(folder: Path, database: object = None, **keys: object) -> AnnotationSettings:
    """Write annotations in the layout `activitynet` and return their settings."""
    path = folder / "annotations.json"
    path.write_text(json.dumps({"database": DATABASE if database is None else database}))
    return AnnotationSettings.model_validate({"layout": "activitynet", "path": str(path), **keys})


def changed(video: str, **keys: object) -> dict[str, Any]:
    """Return the annotations with other values of some keys of one video."""
    database = copy.deepcopy(DATABASE)
    database[video].update(keys)
    return database


def instance(start: object, end: object, label: object = "run") -> list[dict[str, object]]:
    """Return a list of one annotation."""
    return [{"segment": [start, end], "label": label}]


def fault_of(settings: AnnotationSettings) -> str:
    """Return the message with which the annotations are refused."""
    with pytest.raises(UserError) as caught:
        read_annotations(settings)
    return str(caught.value)


def flat(folder: Path, **keys: object) -> AnnotationSettings:
    """Write annotations in the layout `bmn` and return their settings."""
    entry = {
        "duration_second": 10.0,
        "duration_frame": 200,
        "feature_frame": 160,
        "annotations": instance(1, 2),
    }
    (folder / "flat.json.gz").write_bytes(gzip.compress(json.dumps({"v_v_a": entry, "v_b": entry}).encode()))
    (folder / "info.csv").write_text("video,numFrame,subset\nv_v_a,1,training\nv_b,1,validation\n")
    paths = {"path": str(folder / "flat.json.gz"), "subset_table": str(folder / "info.csv")}
    return AnnotationSettings.model_validate({"layout": "bmn", **paths, **keys})
