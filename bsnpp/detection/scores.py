"""Scores of proposals. To add one, write its function and list it in `SCORES`.

The settings, their schema, the sweep and the manual take the names from `SCORES`, and the manual takes the
formula from the docstring.
"""

from collections.abc import Callable

import numpy as np

Score = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""Score map cells by their boundary, classification and regression values: three float64 (V,), all at least
0, to float64 (V,), at least 0. The boundary value is that of the start times that of the end."""


def paper(boundary: np.ndarray, classification: np.ndarray, regression: np.ndarray) -> np.ndarray:
    """b sqrt(c r), Eq. 8"""
    return boundary * np.sqrt(classification * regression)


def recall(boundary: np.ndarray, classification: np.ndarray, regression: np.ndarray) -> np.ndarray:
    """b c r, as in BMN"""
    return boundary * (classification * regression)


def detection(boundary: np.ndarray, classification: np.ndarray, regression: np.ndarray) -> np.ndarray:
    """c r, as in codes tuned for mAP"""
    return classification * regression


SCORES: dict[str, Score] = {"paper": paper, "recall": recall, "detection": detection}
"""Scores by name."""
