"""Measure the exhaustive grid search of classifier weights: `python benchmarks/weight_search.py`.

10,626 weightings of 5 classifiers on 4,728 videos with 200 classes: once with classifiers as good as those of
the challenge, once with nearly useless ones, for which hardly any class can be skipped.
"""

import resource
import time

import numpy as np

from bsnpp.classification.weight_search import search_weights
from bsnpp.classification.weight_search_settings import WeightSearchSettings

MEMBERS, VIDEOS, CLASSES = 5, 4728, 200
STRENGTHS = {"strong": 4.0, "weak": 1.0}


def panel(strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Return logits (n, N, K) and targets (N, K); the classifiers share part of their errors."""
    random = np.random.default_rng(0)
    targets = np.eye(CLASSES, dtype=bool)[random.integers(CLASSES, size=VIDEOS)]
    common = 0.7 * random.normal(size=targets.shape)
    strengths = strength * np.linspace(0.8, 1.2, MEMBERS)[:, None, None]
    return strengths * targets + common + random.normal(size=(MEMBERS, *targets.shape)), targets


def main() -> None:
    """Search both panels and print a line for each."""
    for name, strength in STRENGTHS.items():
        logits, targets = panel(strength)
        begin = time.perf_counter(), time.process_time()
        search = search_weights(logits, targets, WeightSearchSettings())
        wall, processor = time.perf_counter() - begin[0], time.process_time() - begin[1]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024e-6
        print(
            f"{name}: {len(search.grid):,} weightings in {wall:.1f} s ({processor:.1f} s of processor); "
            f"alone {100 * search.alone.max():.1f} %, panel {100 * search.score:.1f} %; peak {peak:.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
