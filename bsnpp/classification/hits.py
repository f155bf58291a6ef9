"""How many videos a weighting of classifiers hits, for many weightings at once."""

import numpy as np

CHUNK = 2**21  # numbers in one product; 16 MB, so that it stays near the processor


class HitCounter:
    """Counts the videos that weightings hit.

    A video is hit if one of its true classes has less than `top` false ones at its height or above: a tie
    counts as a miss, so that a constant classifier earns nothing. Videos without a true class do not count.

    With d_i = logit of a false class - logit of a true class in member i, the false class rivals the true
    one if sum_i w_i d_i >= 0. Where all d_i have the same sign every weighting agrees, so that only the
    others enter the matrix product; this changes no count.

    Parameters
    ----------
    logits
        (n, N, K) finite, float64: n members, N videos, K classes.
    targets
        (N, K) bool, one true at least.
    top
        1 or more.
    """

    def __init__(self, logits: np.ndarray, targets: np.ndarray, top: int) -> None:
        self.top = top
        pairs = np.argwhere(targets)  # (pairs, 2): video, true class
        self.first_pair = np.flatnonzero(np.diff(pairs[:, 0], prepend=-1))
        self.videos = len(self.first_pair)
        always, rivals, differences = [], [], []
        for video, label in pairs:
            gap = logits[:, video, ~targets[video]] - logits[:, video, label, None]  # (n, false classes)
            always.append(np.count_nonzero((gap >= 0).all(axis=0)))
            open_question = (gap >= 0).any(axis=0) & (gap < 0).any(axis=0)
            rivals.append(np.count_nonzero(open_question))
            differences.append(gap[:, open_question].T)
        self.always, self.rivals = np.array(always), np.array(rivals)
        self.differences = np.concatenate(differences)  # (sum of rivals, n)

    def accuracy(self, weightings: np.ndarray) -> np.ndarray:
        """Share of the videos that each of (M, n) weightings hits, which need not sum to 1: float64 (M,)."""
        hits = np.zeros(len(weightings), dtype=np.int64)
        size = max(1, CHUNK // max(1, len(self.differences)))
        for start in range(0, len(weightings), size):
            hits[start : start + size] = self._count(weightings[start : start + size].astype(np.float64))
        return hits / self.videos

    def _count(self, weightings: np.ndarray) -> np.ndarray:
        rivalry = (self.differences @ weightings.T >= 0).astype(np.int32)  # (sum of rivals, M)
        above = np.repeat(self.always[:, None], len(weightings), axis=1)  # (pairs, M)
        contested = np.flatnonzero(self.rivals)
        if len(contested):
            borders = np.concatenate([[0], np.cumsum(self.rivals[contested])[:-1]])
            above[contested] += np.add.reduceat(rivalry, borders, axis=0)
        # A video counts by its best true class.
        best = np.minimum.reduceat(above, self.first_pair, axis=0)  # (videos, M)
        return np.asarray((best < self.top).sum(axis=0))
