"""A tiny copy of the 50 Salads part of the public repository, for tests."""

from pathlib import Path

import numpy as np
from scipy.io import savemat

from bsnpp.datasets.salads.settings import FOLDS, LABELS, NETWORKS, PREDICTIONS, SPLITS

ACTIONS = ("cut", "mix", "peel")
ROWS = {"svm": 10, "tcnn": 8, "dilated": 6, "edtcn": 6}
ACTIVITIES = """2000000 12000000 cut_and_mix
2000000 4000000 cut_prep
4000000 6500000 cut_core
7000000 8000000 cut_post
6000000 9000000 mix_core
9000000 9000000 mix_post
10000000 12000000 cut_core
"""
"""One video: cut twice, mix once with overlap; an activity that is no action, and a part of no length."""


def write_repository(root: Path) -> None:
    """Write two videos of one person for every fold."""
    labels = root / LABELS
    (labels / "sequences").mkdir(parents=True)
    (labels / "conversions").mkdir()
    (labels / "mid_level_actions.txt").write_text("\n".join(ACTIONS))
    lines = [f"{action}_{part} {action}" for action in ACTIONS for part in ("prep", "core", "post")]
    (labels / "conversions/low_to_mid.txt").write_text("\n".join(lines) + "\n")
    for fold in FOLDS:
        names = [f"0{fold}-1", f"0{fold}-2"]
        path = root / SPLITS / f"Split_{fold}" / "test.txt"
        path.parent.mkdir(parents=True)
        path.write_text("\n".join(names))
        for name in names:
            (labels / f"sequences/{name}-activityAnnotation.txt").write_text(ACTIVITIES)
        for network in NETWORKS:
            write_scores(root, network, fold, [scores_of(network, fold, number) for number in range(2)])


def scores_of(network: str, fold: int, number: int) -> np.ndarray:
    """Return the scores of one video: float32 (t, 4), each row a probability."""
    random = np.random.default_rng([fold, number, ROWS[network]])
    return random.dirichlet(np.ones(len(ACTIONS) + 1), ROWS[network]).astype(np.float32)


def write_scores(root: Path, network: str, fold: int, arrays: list[np.ndarray]) -> Path:
    """Write the scores of one network and fold as a MATLAB cell array; return the path."""
    cells = np.empty((1, len(arrays)), dtype=object)
    cells[0, :] = [*arrays]
    path = root / PREDICTIONS / NETWORKS[network].format(fold=fold)
    path.parent.mkdir(parents=True, exist_ok=True)
    savemat(path, {"S": cells})
    return path
