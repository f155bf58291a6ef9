"""The encoder `statistics`: moments, quantiles and trends of the samples around the centre of a snippet."""

import numpy as np

from bsnpp.datasets.hapt.windows import windows, with_magnitude

FLOOR = 1e-3
"""Value below the noise of both sensors [g, rad/s]; keeps logarithms and ratios finite at rest."""


def describe_statistics(signal: np.ndarray, step: int, width: int) -> np.ndarray:
    """Describe every snippet of one stream by statistics of its window.

    Parameters
    ----------
    signal : np.ndarray
        float64 (n, 3).
    step, width : int
        Samples between two snippets, and in a window.

    Returns
    -------
    np.ndarray
        float64 (t, 64). For each axis and the magnitude: mean, minimum, maximum, 25 % and 75 % quantile, log
        standard deviation, log mean absolute difference between samples, trend (mean of the second half minus
        that of the first), bend (mean of the inner half minus that of the outer), mean and log standard
        deviation of the inner quarter, rate of zero crossings, log largest difference between samples. For
        the three axes alone: correlations, direction of the mean (the tilt, for the accelerometer), range of
        the running mean, log mean norm of the difference (jerk), log norm of the trend, log mean absolute
        value.
    """
    view = windows(with_magnitude(signal), step, width)  # (t, W, 4)
    mean = view.mean(axis=1)
    centred = view - mean[:, None]
    deviation = np.sqrt((centred**2).mean(axis=1))
    differences = np.diff(view, axis=1)
    half, quarter = width // 2, width // 4
    trend = view[:, half:].mean(axis=1) - view[:, :half].mean(axis=1)
    inner = view[:, quarter : width - quarter]
    outer = np.concatenate([view[:, :quarter], view[:, width - quarter :]], axis=1)
    core = view[:, half - width // 8 : half + width // 8]
    crossings = np.diff(centred > 0, axis=1).mean(axis=1)
    ordered = np.sort(view, axis=1)
    parts = [
        mean,
        ordered[:, 0],
        ordered[:, -1],
        ordered[:, quarter],
        ordered[:, width - 1 - quarter],
        np.log(deviation + FLOOR),
        np.log(np.abs(differences).mean(axis=1) + FLOOR),
        trend,
        inner.mean(axis=1) - outer.mean(axis=1),
        core.mean(axis=1),
        np.log(core.std(axis=1) + FLOOR),
        crossings,
        np.log(np.abs(differences).max(axis=1) + FLOOR),
        *_of_axes(mean, centred, deviation, view, quarter),
        np.log(np.linalg.norm(differences[..., :3], axis=2).mean(axis=1) + FLOOR)[:, None],
        np.log(np.linalg.norm(trend[:, :3], axis=1) + FLOOR)[:, None],
        np.log(np.abs(view[..., :3]).mean(axis=(1, 2)) + FLOOR)[:, None],
    ]
    return np.concatenate(parts, axis=1)


def _of_axes(
    mean: np.ndarray, centred: np.ndarray, deviation: np.ndarray, view: np.ndarray, quarter: int
) -> list[np.ndarray]:
    """Return correlation, direction and range of the running mean of the three axes, each (t, 3)."""
    first, second = [0, 0, 1], [1, 2, 2]
    products = (centred[..., first] * centred[..., second]).mean(axis=1)
    correlation = products / (deviation[:, first] * deviation[:, second] + FLOOR**2)
    direction = mean[:, :3] / (np.linalg.norm(mean[:, :3], axis=1, keepdims=True) + FLOOR)
    sums = np.cumsum(np.pad(view[..., :3], ((0, 0), (1, 0), (0, 0))), axis=1)
    running = (sums[:, quarter:] - sums[:, :-quarter]) / quarter
    return [correlation, direction, np.log(np.ptp(running, axis=1) + FLOOR)]
