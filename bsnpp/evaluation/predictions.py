"""Read files of predictions: ActivityNet JSON and THUMOS text, detections or proposals."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from bsnpp.core.errors import Faults, UserError
from bsnpp.core.files import read_text
from bsnpp.evaluation.prediction_json import Columns, read_results
from bsnpp.evaluation.prediction_text import THUMOS14_CLASSES, read_lines

LAYOUTS = (
    'Supported layouts: ActivityNet JSON, {"results": {video: [{"label", "score", "segment": [start, end]}]}}'
    "; THUMOS text, lines of video, start, end, class and score separated by spaces. Times in seconds."
)


@dataclass(frozen=True)
class Predictions:
    """Predictions of one file, in the order of the file.

    Attributes
    ----------
    path : str
        The file.
    table : pd.DataFrame
        Columns video, label, score, start, end [s]; without label if labels were not read.
    videos : list of str
        Every video that the file lists, with or without predictions.
    """

    path: str
    table: pd.DataFrame
    videos: list[str]


def read_predictions(
    path: str | Path, labels: bool = True, class_numbers: Mapping[int, str] = THUMOS14_CLASSES
) -> Predictions:
    """Read detections or proposals.

    Parameters
    ----------
    path : str or Path
        ActivityNet JSON or THUMOS text, plain or compressed with gzip (`.gz`).
    labels : bool
        Whether to read labels. Without, the labels of JSON entries are ignored, and text lines may have four
        columns: video, start, end and score.
    class_numbers : mapping of int to str
        Name of every class number in a text file; by default, those of THUMOS14.

    Returns
    -------
    Predictions
        All predictions; at least one.

    Raises
    ------
    UserError
        If the file is missing, unreadable, of another layout or without a prediction, or an entry is invalid:
        without a label, with a score or time that is not a finite number, or with an end before its start.
        The message lists the faulty entries.
    """
    text = read_text(path, "predictions. " + LAYOUTS)
    faults = Faults(f"{path}: invalid predictions", LAYOUTS)
    with _without_garbage_collection():
        if text.lstrip()[:1] in ("{", "[", '"'):
            parts = list(read_results(text, labels, faults))
        else:
            parts = list(read_lines(text, labels, class_numbers, faults))
    faults.raise_if_any()
    if not any(len(part.score) for part in parts):
        raise UserError(f"{path}: no predictions, the results are empty")
    return Predictions(str(path), _table(parts, labels), [part.video for part in parts])


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Suspend garbage collection, which triples the time of reading a million small objects."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _table(parts: list[Columns], labels: bool) -> pd.DataFrame:
    counts = [len(part.score) for part in parts]
    video = np.repeat(np.array([part.video for part in parts], dtype=object), counts)
    columns = {"video": pd.Series(video, dtype=str)}
    if labels:
        columns["label"] = pd.Series([label for part in parts for label in part.label], dtype=str)
    numbers: dict[str, Iterator[np.ndarray]] = {
        "score": (part.score for part in parts),
        "start": (part.start for part in parts),
        "end": (part.end for part in parts),
    }
    return pd.DataFrame(columns | {name: np.concatenate(list(values)) for name, values in numbers.items()})
