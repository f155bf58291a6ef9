"""External detections: other people's submissions, which join an ensemble."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.core.segments import Seconds, Shares, in_shares, seconds_of
from bsnpp.detection.scored_segments import Detections


@dataclass(frozen=True)
class ExternalDetections:
    """One external submission.

    Attributes
    ----------
    by_video : mapping of str to tuple
        Detections of each video with n detections: Seconds (n, 2), scores (n,) and labels (n,).
    """

    by_video: Mapping[str, tuple[Seconds, np.ndarray, np.ndarray]]

    def of(self, video: str, unit: float) -> Detections:
        """Return the detections of a video, possibly none; segments in units of `unit` seconds."""
        if video not in self.by_video:
            return Detections(Shares(np.empty((0, 2))), np.empty(0), np.empty(0, dtype=np.int64))
        segments, scores, labels = self.by_video[video]
        return Detections(in_shares(segments, unit), scores, labels)


def external_detections(table: pd.DataFrame, classes: Sequence[str]) -> ExternalDetections:
    """Group a table of detections by video.

    Parameters
    ----------
    table : DataFrame[video, label, score, start, end]
        Labels among `classes`; start and end in seconds.
    classes : sequence of str
        The K class names in canonical order.
    """
    index = {name: number for number, name in enumerate(classes)}
    return ExternalDetections(
        {
            str(video): (
                seconds_of(rows),
                rows["score"].to_numpy(np.float64),
                rows["label"].map(index).to_numpy(np.int64),
            )
            for video, rows in table.groupby("video")
        }
    )
