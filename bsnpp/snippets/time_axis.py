"""Time axis of snippets."""

import numpy as np


def snippet_centres(length: int, snippet_seconds: float) -> np.ndarray:
    """Return the centres of a video's snippets [s]: float64 (length,)."""
    return (np.arange(length) + 0.5) * snippet_seconds
