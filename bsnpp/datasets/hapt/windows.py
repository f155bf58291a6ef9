"""Windows of samples around the centres of snippets."""

import numpy as np


def snippet_count(samples: int, step: int) -> int:
    """Return the number of snippets whose centre, (k + 0.5) step, lies inside the signal; at least 1."""
    return max(1, (samples + step // 2) // step)


def padded(signal: np.ndarray, step: int, width: int) -> np.ndarray:
    """Mirror a signal at both ends, so that the window of every snippet is full.

    Parameters
    ----------
    signal : np.ndarray
        float (n, channels).
    step, width : int
        Samples between two centres, and in a window; both even, `width` at least `step`.

    Returns
    -------
    np.ndarray
        float ((t - 1) step + width, channels); the window of snippet k starts at row k step.
    """
    count = snippet_count(len(signal), step)
    before = (width - step) // 2
    after = (count - 1) * step + width - before - len(signal)
    kept = signal[: len(signal) + min(0, after)]
    return np.pad(kept, ((before, max(0, after)), (0, 0)), mode="symmetric")


def windows(signal: np.ndarray, step: int, width: int) -> np.ndarray:
    """Return the samples around the centre of every snippet, mirrored at the ends of the signal.

    See `padded` for the parameters.

    Returns
    -------
    np.ndarray
        A view, float (t, width, channels).
    """
    rows = padded(signal, step, width)
    view = np.lib.stride_tricks.sliding_window_view(rows, width, axis=0)[::step]
    return view.transpose(0, 2, 1)


def with_magnitude(signal: np.ndarray) -> np.ndarray:
    """Append the norm of the vector, which does not change if the phone is turned: (n, 3) to (n, 4)."""
    return np.column_stack([signal, np.linalg.norm(signal, axis=1)])
