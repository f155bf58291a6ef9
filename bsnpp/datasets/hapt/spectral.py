"""The encoder `spectral`: log band energies of a short-time Fourier transform."""

import numpy as np

from bsnpp.datasets.hapt.settings import RATE
from bsnpp.datasets.hapt.windows import windows, with_magnitude

EDGES = (0.0, 0.6, 1.0, 1.4, 1.8, 2.2, 3.0, 4.0, 6.0, 9.0, 14.0, 25.0)
"""Edges of the bands in Hz: narrow about the pace of steps (1.4 to 2.2 Hz) and its octave."""
BANDS = len(EDGES) - 1
FLOOR = 1e-6
"""Energy below the noise of both sensors (g^2, rad^2/s^2)."""


def describe_spectrum(signal: np.ndarray, step: int, width: int) -> np.ndarray:
    """Describe every snippet of one stream.

    Parameters
    ----------
    signal : float64 (n, 3)
    step, width : int
        Samples between two snippets, and in a window.

    Returns
    -------
    float64 (t, 64)
        For each axis and the magnitude: log energy of 11 bands; the frequency of the highest line, in Hz; the
        entropy of the lines (0 a pure tone, 1 white noise); the mean; the cosine and the sine part of the
        lowest line, which tell a bend and a trend with their signs. Each window is freed of its mean and
        weighed by Hann's bell, so that a jump at its border counts little.
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
