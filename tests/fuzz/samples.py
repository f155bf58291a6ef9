"""Small content of the files that are damaged, and what a format is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bsnpp.core.grid import ProposalGrid
from tests.fuzz.damage import TEXT, Damage

CLASSES = ["jump", "run"]
VIDEOS = ["a", "b", "c"]
TABLE = pd.DataFrame({"video": VIDEOS, "duration": [4.5, 10.0, 8.0], "extent": [4.5, 10.0, 8.0]})
DETECTIONS = pd.DataFrame(
    {
        "video": ["a", "a", "b"],
        "label": ["run", "jump", "run"],
        "score": [0.9, 0.5, 0.125],
        "start": [0.0, 1.0, 2.0],
        "end": [3.0, 2.5, 4.25],
    }
)
RESULTS = {
    row.video: [{"label": row.label, "score": row.score, "segment": [row.start, row.end]}]
    for row in DETECTIONS.itertuples()
}
SUBMISSION = {"version": "VERSION 1.3", "results": RESULTS, "external_data": {"used": False, "details": ""}}
GRID = ProposalGrid(5, 4)
RNG = np.random.default_rng(0)


LOGITS = RNG.normal(size=(3, 2))


@dataclass(frozen=True)
class Format:
    """A format of files.

    Attributes
    ----------
    file : str
        Name of its file.
    write : callable
        Writes a small valid file.
    read : callable
        Reads it as the project does.
    damages : tuple
        Kinds of damage.
    checked : bool
        Whether a checksum must reveal every damage.
    """

    file: str
    write: Callable[[Path], object]
    read: Callable[[Path], object]
    damages: tuple[Damage, ...] = TEXT
    checked: bool = False


def write_json(content: Any, path: Path) -> None:
    """Write JSON."""
    path.write_text(json.dumps(content))


def write_text(content: str, path: Path) -> None:
    """Write text."""
    path.write_text(content)
