"""Segments for the training of the recogniser, and dense windows, which replace a generator's proposals."""

import numpy as np

from bsnpp.core.segments import Seconds, temporal_iou
from bsnpp.recogniser.settings import DenseSettings, RecognitionSettings

SHORTEST_COPY = 0.25
"""Shifted copies of an instance that are shorter than this share of its length are discarded."""


def dense_segments(extent: float, settings: DenseSettings) -> Seconds:
    """Generate windows of many lengths at many places.

    Parameters
    ----------
    extent : float
        Length of the recording in seconds.
    settings : DenseSettings
        Lengths form a geometric series with factor `ratio` from `shortest` to `longest`, or to the length of
        the recording. Starts are `stride` times the length apart, but at least `least_stride` seconds.

    Returns
    -------
    Seconds
        Start and end, float64 (n, 2), the shortest first. The whole recording, if it is shorter
        than `shortest`.
    """
    longest = min(settings.longest, extent)
    count = int(np.floor(np.log(longest / settings.shortest) / np.log(settings.ratio) + 1e-9)) + 1
    windows = []
    for length in settings.shortest * settings.ratio ** np.arange(max(count, 0)):
        step = max(settings.least_stride, settings.stride * length)
        start = np.arange(0.0, extent - length + 1e-9, step)
        windows.append(np.column_stack([start, np.minimum(start + length, extent)]))
    return Seconds(np.concatenate(windows) if windows else np.array([[0.0, extent]]))


def training_segments(
    extent: float, instances: Seconds, settings: RecognitionSettings, rng: np.random.Generator
) -> Seconds:
    """Draw training segments: instances, copies of them with shifted edges, and shifted dense windows.

    Parameters
    ----------
    extent : float
        Length of the recording in seconds.
    instances : Seconds
        Start and end, float (m, 2), m at least 1.
    settings : RecognitionSettings
        Keys `jitters`, `copies`, `windows` and `dense`.
    rng : np.random.Generator
        Source of the shifts and of the choice of windows.

    Returns
    -------
    Seconds
        float64 (n, 2), inside the recording, start < end.
    """
    length = (instances[:, 1] - instances[:, 0])[None, :, None]
    shape = (settings.copies, len(instances), 2)
    copies = [
        (instances + rng.normal(size=shape) * share * length).reshape(-1, 2) for share in settings.jitters
    ]
    shifted = np.concatenate(copies)
    shortest = np.tile(length[0, :, 0], len(shifted) // len(instances)) * SHORTEST_COPY
    shifted = np.clip(shifted, 0.0, extent)
    shifted = shifted[shifted[:, 1] - shifted[:, 0] >= shortest]
    dense = dense_segments(extent, settings.dense)
    chosen = dense[rng.permutation(len(dense))[: settings.windows * len(instances)]]
    # Shift by up to half of `least_stride`: proposals do not start on the grid of the windows either.
    chosen = chosen + rng.uniform(-0.5, 0.5, (len(chosen), 1)) * settings.dense.least_stride
    segments = np.clip(np.concatenate([instances, shifted, chosen]), 0.0, extent)
    return Seconds(segments[segments[:, 1] > segments[:, 0]])


def close_proposals(proposals: Seconds, instances: Seconds, settings: RecognitionSettings) -> Seconds:
    """Select the proposals with the highest tIoU with each instance.

    Parameters
    ----------
    proposals : Seconds
        Start and end, float (p, 2).
    instances : Seconds
        Start and end, float (m, 2), m at least 1.
    settings : RecognitionSettings
        At most `generated` proposals per instance, all with a tIoU above `positive`.

    Returns
    -------
    Seconds
        float64 (n, 2), in the order of the instances, for each the highest tIoU first.
    """
    tiou, nearest = best_overlap(proposals, instances)
    ranked = np.argsort(-tiou, kind="stable")
    ranked = ranked[tiou[ranked] > settings.positive]
    kept = [ranked[nearest[ranked] == instance][: settings.generated] for instance in range(len(instances))]
    return Seconds(proposals[np.concatenate(kept)])


def best_overlap(segments: np.ndarray, instances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the instance with the highest tIoU with each segment.

    Parameters
    ----------
    segments : np.ndarray
        Start and end, float (n, 2).
    instances : np.ndarray
        Start and end in the same unit, float (m, 2), m at least 1.

    Returns
    -------
    tiou : np.ndarray
        float64 (n,).
    instance : np.ndarray
        Row of the instance, int64 (n,); of equal ones the first.
    """
    tiou = temporal_iou(segments[:, :1], segments[:, 1:], instances[None, :, 0], instances[None, :, 1])
    best = tiou.argmax(axis=1)
    return tiou[np.arange(len(segments)), best], best
