"""Weightings: the grid contains each once, and a search is never worse than its start."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.simplex import compositions, coordinate_search, parts_of

STEPS = (0.2, 0.1, 0.05)


@given(st.integers(1, 4), st.integers(1, 6))
@settings(max_examples=24, deadline=None)
def test_compositions_equal_brute_force(members: int, parts: int) -> None:
    expected = [row for row in itertools.product(range(parts + 1), repeat=members) if sum(row) == parts]
    assert list(map(tuple, compositions(members, parts))) == expected


def test_the_documented_number_of_compositions() -> None:
    assert len(compositions(5, 20)) == 10_626


def test_no_members_and_steps_that_do_not_divide_1_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one member"):
        compositions(0, 3)
    with pytest.raises(ValueError, match="does not divide"):
        parts_of(0.3)
    assert parts_of(0.05) == 20


@given(st.integers(0, 2**16), st.integers(1, 5))
@settings(max_examples=40, deadline=None)
def test_a_search_is_never_below_its_starts_and_scores_nothing_twice(seed: int, members: int) -> None:
    random = np.random.default_rng(seed)
    starts = np.concatenate([random.dirichlet(np.ones(members), 2), np.eye(members)])
    matrix, scored = random.normal(size=(members, members)), []

    def score(weights: np.ndarray) -> float:
        scored.append(tuple(np.round(weights, 9)))
        return float(weights @ matrix @ weights)

    tried, scores = coordinate_search(score, starts, STEPS)
    assert len(set(scored)) == len(scored) == len(tried) == len(scores)
    # start points that agree in nine digits count as one
    assert scores.max() >= max(float(start @ matrix @ start) for start in starts) - 1e-7
    np.testing.assert_array_equal(scores, [float(row @ matrix @ row) for row in tried])
    np.testing.assert_allclose(tried.sum(axis=1), 1, rtol=0, atol=1e-12)
    assert tried.min() >= 0


@given(st.integers(0, 2**16), st.integers(2, 4))
@settings(max_examples=40, deadline=None)
def test_a_search_finds_a_single_maximum(seed: int, members: int) -> None:
    summit = np.random.default_rng(seed).dirichlet(np.ones(members))
    starts = np.full((1, members), 1 / members)
    tried, scores = coordinate_search(lambda weights: -float(((weights - summit) ** 2).sum()), starts, STEPS)
    assert np.abs(tried[scores.argmax()] - summit).max() < 0.1
