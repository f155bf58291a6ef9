"""Segments to train a recogniser on, and dense windows that stand in for a generator's proposals."""

import numpy as np

from bsnpp.core.segments import temporal_iou
from bsnpp.recogniser.settings import DenseSettings, RecognitionSettings

SHORTEST_SHARE = 0.25
"""A shifted copy of an instance is at least this share of its length."""


def dense_segments(extent: float, settings: DenseSettings) -> np.ndarray:
    """Windows of every length at every place.

    Parameters
    ----------
    extent : float
        Seconds of the recording.
    settings : DenseSettings
        Lengths rise by `ratio` from `shortest` to `longest`, or to the recording's; a length's starts lie
        `stride` of it apart, and `least_stride` seconds at least.

    Returns
    -------
    np.ndarray
        Start and end in seconds, float64 (n, 2), the shortest first. At least the whole recording.
    """
    longest = min(settings.longest, extent)
    count = int(np.floor(np.log(longest / settings.shortest) / np.log(settings.ratio) + 1e-9)) + 1
    windows = []
    for length in settings.shortest * settings.ratio ** np.arange(max(count, 0)):
        step = max(settings.least_stride, settings.stride * length)
        start = np.arange(0.0, extent - length + 1e-9, step)
        windows.append(np.column_stack([start, np.minimum(start + length, extent)]))
    return np.concatenate(windows) if windows else np.array([[0.0, extent]])


def training_segments(
    extent: float, instances: np.ndarray, settings: RecognitionSettings, rng: np.random.Generator
) -> np.ndarray:
    """Instances, copies of them with shifted edges, and dense windows off their grid.

    Parameters
    ----------
    extent : float
        Seconds of the recording.
    instances : np.ndarray
        Start and end in seconds, float (m, 2), m at least 1.
    settings : RecognitionSettings
        Keys `jitters`, `copies`, `windows` and `dense`.
    rng : np.random.Generator
        Source of the shifts and of the choice of windows.

    Returns
    -------
    np.ndarray
        float64 (n, 2), inside the recording, start < end.
    """
    length = (instances[:, 1] - instances[:, 0])[None, :, None]
    shape = (settings.copies, len(instances), 2)
    copies = [
        (instances + rng.normal(size=shape) * share * length).reshape(-1, 2) for share in settings.jitters
    ]
    shifted = np.concatenate(copies)
    least = np.tile(length[0, :, 0], len(shifted) // len(instances)) * SHORTEST_SHARE
    shifted = np.clip(shifted, 0.0, extent)
    shifted = shifted[shifted[:, 1] - shifted[:, 0] >= least]
    dense = dense_segments(extent, settings.dense)
    chosen = dense[rng.permutation(len(dense))[: settings.windows * len(instances)]]
    # Off the grid by up to half its least stride: the recogniser meets proposals from anywhere.
    chosen = chosen + rng.uniform(-0.5, 0.5, (len(chosen), 1)) * settings.dense.least_stride
    segments = np.clip(np.concatenate([instances, shifted, chosen]), 0.0, extent)
    return segments[segments[:, 1] > segments[:, 0]]


def close_proposals(
    proposals: np.ndarray, instances: np.ndarray, settings: RecognitionSettings
) -> np.ndarray:
    """The proposals nearest to each instance: what a generator gets nearly right.

    Parameters
    ----------
    proposals : np.ndarray
        Start and end in seconds, float (p, 2).
    instances : np.ndarray
        Start and end in seconds, float (m, 2), m at least 1.
    settings : RecognitionSettings
        Up to `generated` proposals of an instance, of a tIoU above `positive`.

    Returns
    -------
    np.ndarray
        float64 (n, 2): those of the first instance first, the highest tIoU first.
    """
    tiou, nearest = best_overlap(proposals, instances)
    ranked = np.argsort(-tiou, kind="stable")
    ranked = ranked[tiou[ranked] > settings.positive]
    kept = [ranked[nearest[ranked] == instance][: settings.generated] for instance in range(len(instances))]
    return proposals[np.concatenate(kept)]


def best_overlap(segments: np.ndarray, instances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Highest tIoU of each segment with any instance, float64 (n,), and that instance, int64 (n,)."""
    tiou = temporal_iou(segments[:, :1], segments[:, 1:], instances[None, :, 0], instances[None, :, 1])
    best = tiou.argmax(axis=1)
    return tiou[np.arange(len(segments)), best], best
