"""Recordings and their ground truth, as the recogniser is trained on them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bsnpp.core.segments import Seconds, seconds_of


@dataclass(frozen=True)
class Recording:
    """Features of one recording.

    Attributes
    ----------
    sequence : np.ndarray
        Features of its snippets: float32 (t, C).
    extent : float
        Its length in seconds.
    snippet_seconds : float
        Time from one snippet to the next in seconds.
    generated : Seconds
        Proposals to train on: float64 (p, 2). Empty by default.
    """

    sequence: np.ndarray
    extent: float
    snippet_seconds: float
    generated: Seconds = field(default_factory=lambda: Seconds(np.empty((0, 2))))


@dataclass(frozen=True)
class Instances:
    """Ground truth of one recording.

    Attributes
    ----------
    segments : Seconds
        Start and end of each instance: float64 (m, 2).
    labels : np.ndarray
        Index of each class in the canonical class list: int64 (m,).
    """

    segments: Seconds
    labels: np.ndarray

    def table(self, classes: Sequence[str]) -> pd.DataFrame:
        """Return start and end [s] and label of each instance."""
        table = pd.DataFrame(self.segments, columns=["start", "end"])
        return table.assign(label=[classes[label] for label in self.labels])


def group_instances(instances: pd.DataFrame, classes: Sequence[str]) -> dict[str, Instances]:
    """Group a table of instances by recording; recordings without an instance are left out.

    Parameters
    ----------
    instances : DataFrame[video, start, end, label]
        Ground truth; start and end in seconds.
    classes : sequence of str
        The K class names in canonical order.
    """
    index = {name: number for number, name in enumerate(classes)}
    return {
        str(video): Instances(
            seconds_of(rows),
            rows["label"].map(index).to_numpy(dtype=np.int64),
        )
        for video, rows in instances.groupby("video", sort=True)
    }
