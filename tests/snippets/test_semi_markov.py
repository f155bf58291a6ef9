"""Semi-Markov model, compared with all sequences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.segments import Seconds
from bsnpp.snippets.semi_markov import LEAST, SemiMarkovModel
from bsnpp.snippets.semi_markov_settings import SemiMarkovSettings
from bsnpp.snippets.semi_markov_training import fit_semi_markov
from tests.reference import semi_markov as reference


def random_model(
    rng: np.random.Generator, states: int, longest: int, slack: float | None = None
) -> SemiMarkovModel:
    """Make a model with random distributions; a class does not follow itself."""
    transition = rng.random((states, states)) + 0.1
    np.fill_diagonal(transition, 0.0)
    duration = rng.random((states, longest)) + 0.1
    return SemiMarkovModel(
        rng.dirichlet(np.ones(states)),
        rng.dirichlet(np.ones(states)),
        transition / transition.sum(axis=1, keepdims=True),
        duration / duration.sum(axis=1, keepdims=True),
        rng.random(states) * 3.0,
        SemiMarkovSettings(prior_strength=0.5, likelihood_power=0.4, count_slack=slack),
    )


def by_enumeration(model: SemiMarkovModel, probability: np.ndarray) -> dict[tuple[int, int, int], float]:
    """Return the probability of every segment of an action."""
    likelihood = (probability / model.prior**0.5) ** 0.4
    arrays = (model.initial, model.transition, model.duration, likelihood)
    sums = reference.posterior(
        *(array.tolist() for array in arrays), model.counts.tolist(), model.settings.count_slack
    )
    return {segment: value for segment, value in sums.items() if segment[2] > 0}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(2, 3), st.integers(2, 7))
def test_the_posterior_is_that_of_all_sequences(seed: int, length: int, states: int, longest: int) -> None:
    rng = np.random.default_rng(seed)
    model = random_model(rng, states, longest)
    probability = rng.dirichlet(np.ones(states), size=length)
    expected = by_enumeration(model, probability)
    result = model.posterior(probability)
    segments = [
        (*borders, state) for borders, state in zip(result.borders.tolist(), result.state, strict=True)
    ]
    assert set(segments) == {segment for segment, value in expected.items() if value >= LEAST}
    values = [expected[segment] for segment in segments]
    np.testing.assert_allclose(result.probability, values, rtol=1e-9, atol=1e-12)

    asked = Seconds(np.sort(rng.random((5, 2)) * length * 2.0, axis=1))
    kept = dict(zip(segments, values, strict=True))
    matches = [
        [reference.expected_credit(tuple(one), state, kept) for state in range(1, states)]
        for one in (asked / 2.0).tolist()
    ]
    np.testing.assert_allclose(result.match(asked, 2.0), np.array(matches), atol=1e-12)
    assert (result.match(asked, 2.0).sum(axis=1) <= 1.0 + 1e-9).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(2, 3), st.floats(0.4, 3.0))
def test_matched_numbers_of_segments_are_those_of_all_sequences(
    seed: int, length: int, states: int, slack: float
) -> None:
    rng = np.random.default_rng(seed)
    model = random_model(rng, states, length, slack)
    probability = rng.dirichlet(np.ones(states), size=length)
    expected = by_enumeration(model, probability)
    result = model.posterior(probability)
    for borders, state, value in zip(result.borders.tolist(), result.state, result.probability, strict=True):
        assert value == pytest.approx(expected[(*borders, state)], abs=0.03)


def test_a_recipe_fills_in_the_step_that_the_snippets_hardly_show() -> None:
    recipe = np.repeat([0, 1, 2, 3, 0], [5, 10, 10, 10, 5])
    probability = np.full((40, 4), 0.1)
    probability[np.arange(40), recipe] = 0.7
    probability[15:25] = [0.1, 0.35, 0.3, 0.25]  # the second step looks like the first
    other = np.repeat([0, 1, 3, 1, 0], [5, 10, 10, 10, 5])
    numbers = {}
    for slack in (None, 0.1):
        model = fit_semi_markov([recipe] * 3 + [other], 4, 1.0, SemiMarkovSettings(count_slack=slack))
        result = model.posterior(probability)
        numbers[slack] = np.bincount(result.state, result.probability, minlength=4)[1:]
    np.testing.assert_allclose(model.counts, [2.0, 1.25, 0.75, 1.0])
    np.testing.assert_allclose(numbers[0.1], model.counts[1:], atol=0.1)
    assert np.abs(numbers[None] - model.counts[1:]).max() > 0.2


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 6))
def test_the_selection_is_that_of_plain_loops(seed: int, length: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    model = random_model(rng, 3, 6)
    posterior = model.posterior(rng.dirichlet(np.ones(3), size=length))
    borders, state, score = posterior.select(count)
    for label in (1, 2):
        rows = posterior.state == label
        keys = [tuple(pair) for pair in posterior.borders[rows].tolist()]
        probabilities = dict(zip(keys, posterior.probability[rows].tolist(), strict=True))
        expected = reference.select(probabilities, count)
        chosen = state == label
        assert [tuple(pair) for pair in borders[chosen].tolist()] == [segment for segment, _ in expected]
        values = np.array([value for _, value in expected])
        np.testing.assert_allclose(score[chosen], values, rtol=1e-9, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([None, 0.3]))
def test_a_reversed_recording_has_the_reversed_posterior(seed: int, slack: float | None) -> None:
    rng = np.random.default_rng(seed)
    transition = np.full((3, 3), 0.5)
    np.fill_diagonal(transition, 0.0)
    duration = rng.dirichlet(np.ones(4), size=3)
    third = np.full(3, 1.0 / 3.0)
    counts = np.array([3.0, 1.0, 2.0])
    settings = SemiMarkovSettings(count_slack=slack)
    model = SemiMarkovModel(third, third, transition, duration, counts, settings)
    probability = rng.dirichlet(np.ones(3), size=9)
    forward, backward = model.posterior(probability), model.posterior(probability[::-1])
    asked = Seconds(np.sort(rng.random((6, 2)) * 9.0, axis=1))
    mirrored = Seconds(9.0 - asked[:, ::-1])
    tolerance = 1e-9 if slack is None else 0.02
    np.testing.assert_allclose(forward.match(asked, 1.0), backward.match(mirrored, 1.0), atol=tolerance)


def test_the_model_is_counted() -> None:
    paths = [np.repeat([0, 1, 2], [4, 2, 3]), np.repeat([0, 1, 0, 1], [4, 2, 4, 2])]
    model = fit_semi_markov(paths, 3, 1.0, SemiMarkovSettings(pseudo_count=1e-12, least_spread=0.01))
    np.testing.assert_allclose(model.initial, [1.0, 0.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(model.prior, [12 / 21, 6 / 21, 3 / 21], atol=1e-9)
    np.testing.assert_allclose(model.transition[:2], [[0, 1, 0], [0.5, 0, 0.5]], atol=1e-9)
    np.testing.assert_allclose(model.counts, [1.5, 1.5, 0.5])
    assert model.duration.shape == (3, 6), "1.5 times the longest duration"
    assert model.duration.argmax(axis=1)[:2].tolist() == [3, 1]
    np.testing.assert_allclose(model.duration.sum(axis=1), 1.0)


def test_longer_segments_than_the_bound_are_divided() -> None:
    model = fit_semi_markov([np.repeat([0, 1], [25, 10])], 2, 0.5, SemiMarkovSettings(longest=5.0))
    assert model.duration.shape[1] == 10
    assert model.transition[0, 0] > model.transition[1, 1] == 0.0


@pytest.mark.parametrize("states", [1, 2])
def test_one_snippet_and_one_class(states: int) -> None:
    model = fit_semi_markov([np.zeros(1, dtype=np.int64)], states, 1.0, SemiMarkovSettings())
    result = model.posterior(np.full((1, states), 1.0 / states))
    assert result.classes == states - 1
    assert len(result.select(5)[0]) == states - 1


def test_few_wrong_snippets_are_overruled_and_the_best_comes_first() -> None:
    truth = np.repeat([0, 1, 0, 2], 20)
    model = fit_semi_markov([truth] * 5, 3, 1.0, SemiMarkovSettings())
    probability = np.full((80, 3), 0.1)
    probability[np.arange(80), truth] = 0.8
    probability[30] = [0.1, 0.1, 0.8]
    borders, state, score = model.posterior(probability).select(3)
    best = {int(label): tuple(borders[state == label][0]) for label in (1, 2)}
    assert best == {1: (20, 40), 2: (60, 80)}
    for label in (1, 2):
        assert (np.diff(score[state == label]) <= 0.0).all()
        assert score[state == label][0] > 0.8


def test_a_model_reads_back_and_a_damaged_one_is_refused() -> None:
    model = fit_semi_markov([np.repeat([0, 1, 2], 5)], 3, 1.0, SemiMarkovSettings())
    lists = model.as_lists()
    again = SemiMarkovModel.from_lists(lists, 3, model.settings)
    assert again.as_lists() == lists
    with pytest.raises(ValueError, match="transition"):
        SemiMarkovModel.from_lists({**lists, "transition": [[1.0]]}, 3, model.settings)
    with pytest.raises(ValueError, match="fit 4 classes"):
        SemiMarkovModel.from_lists(lists, 4, model.settings)
