"""Tables of detections and proposals in seconds, and their Parquet files."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from bsnpp.detection.decode import Proposals
from bsnpp.detection.labelling import Detections


def detections_table(
    results: Iterable[tuple[str, Detections]], extent: Mapping[str, float], classes: Sequence[str]
) -> pd.DataFrame:
    """Detections of many videos in seconds.

    Parameters
    ----------
    results : iterable of (video, Detections)
        Segments as shares of the video.
    extent : mapping of str to float
        Seconds that the shares of each video refer to (the corrected duration, conventions, section 3).
    classes : sequence of str
        The canonical class list that labels index.

    Returns
    -------
    pd.DataFrame
        Columns video, label, score, start, end; rows in the order given.
    """
    names = np.array(classes, dtype=object)
    pairs = list(results)
    table = proposals_table(
        [(video, Proposals(found.segments, found.scores)) for video, found in pairs], extent
    )
    labels = [names[found.labels] for _, found in pairs]
    table.insert(1, "label", pd.Series(_joined(labels, object), dtype="str"))
    return table


def proposals_table(results: Iterable[tuple[str, Proposals]], extent: Mapping[str, float]) -> pd.DataFrame:
    """Proposals of many videos in seconds: columns video, score, start, end; see `detections_table`."""
    pairs = list(results)
    counts = [len(found) for _, found in pairs]
    videos = np.repeat(np.array([video for video, _ in pairs], dtype=object), counts)
    seconds = _joined([found.segments * extent[video] for video, found in pairs], float).reshape(-1, 2)
    return pd.DataFrame(
        {
            "video": pd.Series(videos, dtype="str"),
            "score": _joined([found.scores for _, found in pairs], float),
            "start": seconds[:, 0],
            "end": seconds[:, 1],
        }
    )


def _joined(parts: list[np.ndarray], dtype: type) -> np.ndarray:
    """Concatenate, where there may be nothing."""
    return np.concatenate(parts) if parts else np.empty(0, dtype=dtype)
