"""Random panels of classifiers."""

import numpy as np


def panel(seed: int, members: int = 3, videos: int = 40, classes: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Return logits (n, N, K) of members of increasing strength, and targets with one or two true classes."""
    rng = np.random.default_rng(seed)
    targets = np.eye(classes, dtype=bool)[rng.integers(classes, size=videos)]
    targets[: videos // 5, 0] = True
    strength = np.linspace(0.5, 2.0, members)[:, None, None]
    return strength * targets + rng.normal(size=(members, videos, classes)), targets
