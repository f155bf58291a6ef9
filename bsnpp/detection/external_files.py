"""Read files of external detections, as official tools write them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from bsnpp.core.errors import Faults
from bsnpp.evaluation.predictions import read_predictions
from bsnpp.evaluation.screening import screen_predictions

COLUMNS = ["video", "label", "score", "start", "end"]


def read_external(
    path: str | Path,
    videos: pd.DataFrame,
    classes: Sequence[str],
    reading: Literal["lenient", "strict"] = "lenient",
) -> tuple[pd.DataFrame, list[str]]:
    """Read an external submission for a subset.

    Parameters
    ----------
    path : str or Path
        A file in a layout that `read_predictions` reads. Of JSON only `results` is read.
    videos : DataFrame[video, duration]
        All videos of the subset; duration in seconds.
    classes : sequence of str
        The allowed labels.
    reading : {"lenient", "strict"}
        What to do with predictions that do not fit, as in `bsnpp.evaluation.screening`. The lenient reading
        also drops segments that are empty in their video; the strict one refuses them.

    Returns
    -------
    detections : DataFrame[video, label, score, start, end]
        Detections in the order of the file; start and end in seconds.
    notes : list of str
        One line for each kind of difference between the file and the subset, with its count.

    Raises
    ------
    UserError
        If the file cannot be read, has no detection of the subset, a label is not a class, a score is
        negative, times are not in seconds, or the reading is strict and something does not fit.
    """
    predictions = read_predictions(path)
    screened = screen_predictions(predictions, videos, classes, "of the challenge", reading)
    table, notes = screened.table, list(screened.notes)
    faults = Faults(f"{path}: invalid external submission", "Correct it, or remove it from the ensemble.")
    known = set(videos["video"]) | set(predictions.table["video"])
    idle = [name for name in predictions.videos if not {name, name.removeprefix("v_")} & known]
    if reading == "strict":
        faults.extend(f"{name}: not a video of the challenge" for name in idle)
    elif idle:
        notes.append(f"videos outside the subset without predictions: {len(idle):,}, left out")
    negative = table[table["score"] < 0]
    faults.extend(
        f"{row.video}: the score of {row.label} [{row.start:g}, {row.end:g}] is {row.score:g}, not at least 0"
        for row in negative.itertuples()
    )
    empty = (table["start"] >= table["end"]).to_numpy()
    if reading == "strict":
        faults.extend(
            f"{row.video}: segment [{row.start:g}, {row.end:g}] is empty" for row in table[empty].itertuples()
        )
    elif empty.any():
        notes.append(f"empty segments: {np.count_nonzero(empty):,}, dropped")
        table = table[~empty]
    faults.raise_if_any()
    return table[COLUMNS].reset_index(drop=True), notes
