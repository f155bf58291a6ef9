"""Choose among alternatives that were scored on the same folds."""

import numpy as np


def choose_plainest(scores: np.ndarray) -> int:
    """Choose the plainest alternative that is as good as the best: the one-standard-error rule, paired.

    Parameters
    ----------
    scores : np.ndarray
        Score of each alternative, the plainest first, on each fold: float (n, folds).

    Returns
    -------
    int
        The first row whose mean falls short of the best mean by at most the standard error of their
        difference over the folds. The difference cancels how hard each fold is. The best row of a single
        fold; the first one without a fold.
    """
    if scores.shape[1] < 2:
        return int(scores.mean(axis=1).argmax()) if scores.shape[1] else 0
    shortfall = scores[scores.mean(axis=1).argmax()] - scores
    error = shortfall.std(axis=1, ddof=1) / np.sqrt(scores.shape[1])
    return int(np.flatnonzero(shortfall.mean(axis=1) <= error)[0])
