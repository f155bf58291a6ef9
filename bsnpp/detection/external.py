"""Anyone's submission files, read and checked, to stand beside the generators in an ensemble."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.detection.labelling import Detections


@dataclass(frozen=True)
class ExternalDetections:
    """Somebody's detections by video; segments in seconds."""

    by_video: Mapping[str, Detections]

    def of(self, video: str, unit: float) -> Detections:
        """The detections of a video, perhaps none, with segments in units of so many seconds."""
        if video not in self.by_video:
            return Detections(np.empty((0, 2)), np.empty(0), np.empty(0, dtype=np.int64))
        found = self.by_video[video]
        return Detections(found.segments / unit, found.scores, found.labels)


def external_detections(table: pd.DataFrame, classes: Sequence[str]) -> ExternalDetections:
    """Detections of a table [video, label, score, start, end], whose labels are among the classes."""
    place = {name: index for index, name in enumerate(classes)}
    return ExternalDetections(
        {
            str(video): Detections(
                rows[["start", "end"]].to_numpy(np.float64),
                rows["score"].to_numpy(np.float64),
                rows["label"].map(place).to_numpy(np.int64),
            )
            for video, rows in table.groupby("video")
        }
    )
