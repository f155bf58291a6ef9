"""How many videos a weighting of classifiers hits, for many weightings at once."""

import numpy as np

CHUNK = 1024  # weightings in one product: its numbers stay near the processor


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
        # Of each true class of each video: how many rivals it has with any weights, and the d (r, n) of those
        # that it has with some.
        self.videos = [
            [self._rivals(logits[:, video], true, label) for label in np.flatnonzero(true).tolist()]
            for video, true in enumerate(targets)
            if true.any()
        ]

    @staticmethod
    def _rivals(logits: np.ndarray, true: np.ndarray, label: int) -> tuple[int, np.ndarray]:
        gap = logits[:, ~true] - logits[:, label, None]  # (n, false classes)
        above = gap >= 0
        contested = above.any(axis=0) & ~above.all(axis=0)
        return int(above.all(axis=0).sum()), np.ascontiguousarray(gap[:, contested].T)

    def accuracy(self, weightings: np.ndarray) -> np.ndarray:
        """Share of the videos that each of (M, n) weightings hits, which need not sum to 1: float64 (M,)."""
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
