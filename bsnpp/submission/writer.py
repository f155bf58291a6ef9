"""Write the submission file of the ActivityNet Challenge 2020 (conventions, section 7).

The format is `{"version": "VERSION 1.3", "results": {id: [{"label", "score", "segment": [start_s, end_s]}]},
"external_data": {"used": bool, "details": str}}`. Ids have no prefix `v_`. All three keys are required.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bsnpp.core.errors import Faults
from bsnpp.core.files import whole_file

VERSION = "VERSION 1.3"
DECIMALS = 4
"""Decimals of times in seconds; the rounding is far below the length of a video frame."""


def write_submission(
    path: str | Path, detections: pd.DataFrame, videos: pd.DataFrame, used_external: bool, details: str
) -> int:
    """Write detections as a submission. The same tables give the same bytes.

    Times are rounded to `DECIMALS` and clipped to the video. Detections outside their video are dropped.

    Parameters
    ----------
    path : str or Path
        The JSON file to write.
    detections : DataFrame[video, label, score, start, end]
        Start and end in seconds.
    videos : DataFrame[video, duration]
        All videos of the subset; duration in seconds. A video without detections gets an empty list.
    used_external : bool
        Whether external data were used.
    details : str
        Description of the external data.

    Returns
    -------
    int
        Number of dropped detections.

    Raises
    ------
    ValueError
        If a score or a time is not finite.
    UserError
        If a video of the detections is not in the subset, or the file cannot be written.
    """
    _refuse_foreign(detections, videos)
    inside = _inside(detections, videos)
    order = np.lexsort([inside["label"], inside["end"], inside["start"], -inside["score"]])
    entries = dict(iter(inside.iloc[order].groupby("video")))
    with whole_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"version": {json.dumps(VERSION)},\n"results": {{')
        for number, video in enumerate(sorted(videos["video"])):
            listed = _entries(entries[video]) if video in entries else []
            file.write(f"{',' if number else ''}\n{json.dumps(video)}: {json.dumps(listed, allow_nan=False)}")
        external = json.dumps({"used": bool(used_external), "details": details})
        file.write(f'}},\n"external_data": {external}}}\n')
    return len(detections) - len(inside)


def _refuse_foreign(detections: pd.DataFrame, videos: pd.DataFrame) -> None:
    """Raise a UserError if a video of the detections is not in the subset."""
    faults = Faults("detections of videos that are not in the subset")
    faults.extend(sorted(set(detections["video"].unique()) - set(videos["video"])))
    faults.raise_if_any()


def _inside(detections: pd.DataFrame, videos: pd.DataFrame) -> pd.DataFrame:
    """Clip detections to [0, duration], round their times, and drop those without length."""
    if not np.isfinite(detections[["score", "start", "end"]].to_numpy(dtype=np.float64)).all():
        raise ValueError("scores and times of detections must be finite")
    duration = detections["video"].map(videos.set_index("video")["duration"]).to_numpy(dtype=np.float64)
    start = np.clip(detections["start"].to_numpy(dtype=np.float64), 0, duration)
    end = np.clip(detections["end"].to_numpy(dtype=np.float64), 0, duration)
    rounded_start, rounded_end = np.round(start, DECIMALS), np.minimum(np.round(end, DECIMALS), duration)
    collapsed = rounded_start >= rounded_end  # shorter than the rounding: keep the exact times
    table = detections.assign(
        start=np.where(collapsed, start, rounded_start), end=np.where(collapsed, end, rounded_end)
    )
    return table[table["start"] < table["end"]]


def _entries(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """List the detections of one video."""
    columns = (rows[name].tolist() for name in ("label", "score", "start", "end"))
    return [
        {"label": label, "score": score, "segment": [start, end]}
        for label, score, start, end in zip(*columns, strict=True)
    ]
