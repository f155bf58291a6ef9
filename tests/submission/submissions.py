"""A small submission: its videos, classes and detections."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from bsnpp.submission.checks import validate_submission
from bsnpp.submission.writer import write_submission

VIDEOS = pd.DataFrame({"video": ["v2", "v1", "v3"], "duration": [10.0, 82.731274567, 0.00003]})
CLASSES = ["jump", "run"]
DETECTIONS = pd.DataFrame(
    {
        "video": ["v1", "v2", "v1", "v3"],
        "label": ["run", "jump", "jump", "run"],
        "score": [0.25, 1 / 3, 0.75, 0.5],
        "start": [0.0, 1.23456789, 80.0, 0.00001],
        "end": [5.0, 2.0, 82.731274567, 0.00002],
    }
)


def check(path: Path, per_video: int = 100) -> list[str]:
    return validate_submission(path, VIDEOS, CLASSES, per_video)


def write(path: Path, detections: pd.DataFrame = DETECTIONS) -> dict[str, Any]:
    write_submission(path, detections, VIDEOS, True, "Kinetics-700")
    return json.loads(path.read_text(encoding="utf-8"))
