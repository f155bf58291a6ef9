"""The one-standard-error rule, paired over folds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bsnpp.evaluation.choice import choose_plainest


def test_the_plainest_of_equally_good_alternatives_is_chosen() -> None:
    hard_folds = np.array([0.9, 0.5, 0.7])
    assert choose_plainest(np.array([hard_folds - 0.1, hard_folds - [0.02, -0.02, 0.01], hard_folds])) == 1
    assert choose_plainest(np.array([hard_folds - 0.1, hard_folds])) == 1, "differences between folds cancel"
    assert choose_plainest(np.array([hard_folds, hard_folds])) == 0


@given(arrays(np.float64, (5, 4), elements=st.floats(0, 1)))
def test_the_choice_is_within_one_standard_error_of_the_best(scores: np.ndarray) -> None:
    chosen, best = choose_plainest(scores), scores.mean(axis=1).argmax()
    assert chosen <= best
    difference = scores[best] - scores[chosen]
    assert difference.mean() <= difference.std(ddof=1) / 2 + 1e-12


@pytest.mark.parametrize(("folds", "chosen"), [(0, 0), (1, 2)])
def test_without_two_folds_there_is_no_standard_error(folds: int, chosen: int) -> None:
    scores = np.array([0.1, 0.2, 0.3])[:, None]
    assert choose_plainest(scores[:, :folds]) == chosen
