"""The encoder `spectral`: log band energies of a short-time Fourier transform."""

import numpy as np

from bsnpp.datasets.hapt.settings import RATE
from bsnpp.datasets.hapt.windows import windows, with_magnitude

EDGES = (0.0, 0.6, 1.0, 1.4, 1.8, 2.2, 3.0, 4.0, 6.0, 9.0, 14.0, 25.0)
"""Edges of the bands [Hz]; narrow around the step rate of walking (1.4 to 2.2 Hz) and its first harmonic."""
BANDS = len(EDGES) - 1
FLOOR = 1e-6
"""Energy below the noise of both sensors [g^2, rad^2/s^2]."""


def describe_spectrum(signal: np.ndarray, step: int, width: int) -> np.ndarray:
    """Describe every snippet of one stream by the spectrum of its window.

    Each window is centred by its weighted mean and weighted by a Hann window, so that a jump between its two
    ends counts little.

    Parameters
    ----------
    signal : np.ndarray
        float64 (n, 3).
    step, width : int
        Samples between two snippets, and in a window.

    Returns
    -------
    np.ndarray
        float64 (t, 64). For each axis and the magnitude: log energy of 11 bands; frequency of the highest
        line [Hz]; entropy of the lines (0 for a pure tone, 1 for white noise); weighted mean; cosine and sine
        part of the lowest line, which keep the signs of a bend and a trend.
    """
    view = windows(with_magnitude(signal), step, width)  # (t, W, 4)
    bell = np.hanning(width + 2)[1:-1]
    mean = np.einsum("twc,w->tc", view, bell) / bell.sum()
    transformed = np.fft.rfft((view - mean[:, None]) * bell[:, None], axis=1)  # (t, W // 2 + 1, 4)
    energy = np.abs(transformed) ** 2 / (width * (bell**2).sum())
    frequencies = np.fft.rfftfreq(width, 1 / RATE)
    band = np.minimum(np.searchsorted(EDGES, frequencies, side="right") - 1, BANDS - 1)
    in_bands = np.einsum("tfc,fb->tcb", energy, np.eye(BANDS)[band])
    lines = energy[:, 1:]
    share = (lines + FLOOR / lines.shape[1]) / (lines.sum(axis=1, keepdims=True) + FLOOR)
    parts = [
        np.log(in_bands + FLOOR).reshape(len(view), -1),
        frequencies[1:][lines.argmax(axis=1)],
        -(share * np.log(share)).sum(axis=1) / np.log(lines.shape[1]),
        mean,
        transformed[:, 1].real / bell.sum(),
        transformed[:, 1].imag / bell.sum(),
    ]
    return np.concatenate(parts, axis=1)
