"""Top-k accuracy of many weightings of classifiers at once."""

import numpy as np

CHUNK = 1024
"""Weightings in one matrix product; small enough for the processor's cache."""


class HitCounter:
    """Count the videos that a weighting classifies correctly.

    A video is a hit if for one of its true classes fewer than `top` false classes score at least as high. A
    tie is a miss, so that a constant classifier scores 0. Videos without a true class do not count.

    With d_i = logit of a false class - logit of a true class in member i, the false class is a rival if
    sum_i w_i d_i >= 0. If all d_i have the same sign, this holds for every weighting or for none, so only the
    other classes enter the matrix product; the counts are the same.

    Parameters
    ----------
    logits : np.ndarray
        Logits of n members for N videos and K classes, finite, float64 (n, N, K).
    targets : np.ndarray
        True classes, bool (N, K), at least one true.
    top : int
        k of the top-k accuracy, at least 1.
    """

    def __init__(self, logits: np.ndarray, targets: np.ndarray, top: int) -> None:
        self.top = top
        # For each true class of each video: the number of certain rivals, and d (r, n) of the possible ones.
        self.videos = [
            [self._rivals(logits[:, video], true, label) for label in np.flatnonzero(true).tolist()]
            for video, true in enumerate(targets)
            if true.any()
        ]

    @staticmethod
    def _rivals(logits: np.ndarray, true: np.ndarray, label: int) -> tuple[int, np.ndarray]:
        """Return the number of rivals with any weighting, and d (r, n) of those with some weightings."""
        gap = logits[:, ~true] - logits[:, label, None]  # (n, false classes)
        above = gap >= 0
        contested = above.any(axis=0) & ~above.all(axis=0)
        return int(above.all(axis=0).sum()), np.ascontiguousarray(gap[:, contested].T)

    def accuracy(self, weightings: np.ndarray) -> np.ndarray:
        """Return the share of hits of each weighting.

        Parameters
        ----------
        weightings : np.ndarray
            Weights of the members, float (M, n); rows need not sum to 1.

        Returns
        -------
        np.ndarray
            Shares in [0, 1], float64 (M,).
        """
        hits = np.zeros(len(weightings), dtype=np.int64)
        for start in range(0, len(weightings), CHUNK):
            columns = np.ascontiguousarray(weightings[start : start + CHUNK].T, dtype=np.float64)
            for pairs in self.videos:
                hit = np.zeros(columns.shape[1], dtype=bool)
                for always, gap in pairs:
                    rivals = (gap @ columns >= 0).view(np.uint8).sum(axis=0, dtype=np.int32)
                    hit |= always + rivals < self.top
                hits[start : start + CHUNK] += hit
        return hits / len(self.videos)
