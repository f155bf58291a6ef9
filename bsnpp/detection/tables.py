"""Tables of the detections and proposals of many videos, in seconds."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from bsnpp.core.segments import in_seconds
from bsnpp.detection.scored_segments import Detections, Proposals


def detections_table(
    results: Iterable[tuple[str, float, Detections]], classes: Sequence[str]
) -> pd.DataFrame:
    """Tabulate the detections of many videos.

    Parameters
    ----------
    results : iterable of (str, float, Detections)
        Id of a video, the unit of its segments in seconds, and its detections. For segments that are shares
        of the video the unit is its corrected duration (conventions, section 3).
    classes : sequence of str
        The K class names in canonical order.

    Returns
    -------
    pd.DataFrame
        Columns video, label, score, start, end (seconds); rows in the order given.
    """
    names = np.array(classes, dtype=object)
    rows = list(results)
    table = proposals_table((video, unit, Proposals(one.segments, one.scores)) for video, unit, one in rows)
    labels = [names[one.labels] for _, _, one in rows]
    table.insert(1, "label", pd.Series(_concatenate(labels, object), dtype="str"))
    return table


def proposals_table(results: Iterable[tuple[str, float, Proposals]]) -> pd.DataFrame:
    """Tabulate the proposals of many videos: columns video, score, start, end; see `detections_table`."""
    rows = list(results)
    counts = [len(one) for _, _, one in rows]
    videos = np.repeat(np.array([video for video, _, _ in rows], dtype=object), counts)
    seconds = _concatenate([in_seconds(one.segments, unit) for _, unit, one in rows], float).reshape(-1, 2)
    return pd.DataFrame(
        {
            "video": pd.Series(videos, dtype="str"),
            "score": _concatenate([one.scores for _, _, one in rows], float),
            "start": seconds[:, 0],
            "end": seconds[:, 1],
        }
    )


def _concatenate(parts: list[np.ndarray], dtype: type) -> np.ndarray:
    """Concatenate arrays, if there are any."""
    return np.concatenate(parts) if parts else np.empty(0, dtype=dtype)
