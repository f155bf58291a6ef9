"""True classes of videos."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def longest_labels(instances: "pd.DataFrame") -> dict[str, str]:
    """Return the class with the longest annotated time of each video; ties go to the first in the alphabet.

    Parameters
    ----------
    instances : DataFrame[video, start, end, label]
        Instances, times in seconds.

    Returns
    -------
    dict of str to str
        Class of each video that has instances.
    """
    time: dict[str, dict[str, float]] = {}
    for video, label, start, end in zip(
        *(instances[c] for c in ("video", "label", "start", "end")), strict=True
    ):
        seconds = time.setdefault(str(video), {})
        seconds[str(label)] = seconds.get(str(label), 0.0) + end - start
    return {video: max(sorted(seconds), key=seconds.__getitem__) for video, seconds in sorted(time.items())}


def true_classes(instances: "pd.DataFrame", videos: Sequence[str], classes: Sequence[str]) -> np.ndarray:
    """Return which classes are annotated in which video.

    Parameters
    ----------
    instances : DataFrame[video, label]
        Instances; those of other videos are ignored.
    videos : sequence of str
        N videos.
    classes : sequence of str
        K classes.

    Returns
    -------
    np.ndarray
        bool (N, K).

    Raises
    ------
    ValueError
        If one of these videos has an unknown label.
    """
    row = {video: index for index, video in enumerate(videos)}
    column = {name: index for index, name in enumerate(classes)}
    targets = np.zeros((len(videos), len(classes)), dtype=bool)
    for video, label in zip(instances["video"], instances["label"], strict=True):
        if video in row:
            if label not in column:
                raise ValueError(f"video {video}: label {label!r} is not one of the {len(classes)} classes")
            targets[row[video], column[label]] = True
    return targets
