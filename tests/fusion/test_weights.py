"""Weights of the members of a blend."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.errors import UserError
from bsnpp.fusion.settings import FusionSettings, WeightingMethod
from bsnpp.fusion.weights import member_weights, weigh_members, weights_table
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.weights import read_weights
from tests.reference.contributions import leave_one_out

SCORES = {"b": 0.6, "a": 0.5, "c": 0.7}
LEAVE_ONE_OUT = FusionSettings(weights="leave_one_out")
METHODS: list[WeightingMethod] = ["share", "softmax", "search", "leave_one_out", "best", "equal"]


def test_share_is_the_score_above_the_floor_normalised() -> None:
    weights = member_weights(SCORES, FusionSettings(floor=0.4))
    assert weights == pytest.approx({"a": 0.1 / 0.6, "b": 0.2 / 0.6, "c": 0.3 / 0.6})


def test_a_member_up_to_the_floor_has_no_weight() -> None:
    assert member_weights(SCORES, FusionSettings(floor=0.6)) == {"a": 0.0, "b": 0.0, "c": 1.0}


def test_softmax_divides_score_differences_by_the_temperature() -> None:
    weights = member_weights(SCORES, FusionSettings(weights="softmax", temperature=0.1))
    assert weights["c"] / weights["b"] == pytest.approx(math.e)
    assert weights["b"] / weights["a"] == pytest.approx(math.e)


def test_a_tiny_temperature_is_the_best_member() -> None:
    weights = member_weights(SCORES, FusionSettings(weights="softmax", temperature=1e-6))
    assert weights == member_weights(SCORES, FusionSettings(weights="best")) == {"a": 0.0, "b": 0.0, "c": 1.0}


def test_of_equally_good_members_the_first_name_is_best() -> None:
    scores = {"z": 0.7, "m": 0.7, "a": 0.1}
    assert member_weights(scores, FusionSettings(weights="best")) == {"a": 0.0, "m": 1.0, "z": 0.0}


def test_equal_ignores_the_scores() -> None:
    assert member_weights(SCORES, FusionSettings(weights="equal")) == dict.fromkeys("abc", 1 / 3)


@given(
    st.dictionaries(st.text("abcxyz", min_size=1, max_size=4), st.floats(0.01, 1), min_size=1, max_size=9),
    st.sampled_from(METHODS),
    st.randoms(),
)
@settings(max_examples=60, deadline=None)
def test_weights_sum_to_one_and_no_order_changes_them(
    scores: dict[str, float], method: WeightingMethod, random: Random
) -> None:
    weights = member_weights(scores, FusionSettings(weights=method))
    assert math.fsum(weights.values()) == pytest.approx(1, abs=1e-15)
    assert all(0 <= weight <= 1 for weight in weights.values())
    shuffled = list(scores.items())
    random.shuffle(shuffled)
    assert member_weights(dict(shuffled), FusionSettings(weights=method)) == weights


@pytest.mark.parametrize("method", METHODS)
def test_one_member_has_all_the_weight(method: WeightingMethod) -> None:
    assert member_weights({"only": 0.3}, FusionSettings(weights=method)) == {"only": 1.0}


def test_the_message_names_the_key_if_no_member_is_above_the_floor() -> None:
    with pytest.raises(UserError, match=r"a 0\.5000, b 0\.6000, c 0\.7000; lower the key `fusion.floor`"):
        member_weights(SCORES, FusionSettings(floor=0.7))


@pytest.mark.parametrize("method", ["share", "search"])
@pytest.mark.parametrize("floor", [0.0, 0.4])
def test_members_get_equal_weights_if_no_proposal_matches(method: WeightingMethod, floor: float) -> None:
    scores = dict.fromkeys(SCORES, 0.0)
    with pytest.warns(UserWarning, match="no proposal of any member matches an annotated instance"):
        weights, fused = weigh_members(scores, lambda _: 0.0, FusionSettings(weights=method, floor=floor))
    assert weights == dict.fromkeys(SCORES, 1 / 3) and fused == 0.0


def peaked(weights: Mapping[str, float]) -> float:
    """Return a score with its maximum at a: 0.2, b: 0.5, c: 0.3."""
    return 0.9 - sum((weights[name] - top) ** 2 for name, top in {"a": 0.2, "b": 0.5, "c": 0.3}.items())


@pytest.mark.parametrize("method", METHODS)
def test_the_fusion_is_scored_with_its_weights(method: WeightingMethod) -> None:
    weights, fused = weigh_members(SCORES, peaked, FusionSettings(weights=method))
    if method not in ("search", "leave_one_out"):
        assert weights == member_weights(SCORES, FusionSettings(weights=method))
    assert fused == (SCORES["c"] if method == "best" else peaked(weights))


def test_a_search_comes_close_to_the_maximum() -> None:
    weights, fused = weigh_members(SCORES, peaked, FusionSettings(weights="search"))
    assert weights == pytest.approx({"a": 0.2, "b": 0.5, "c": 0.3}, abs=0.06)
    assert fused > weigh_members(SCORES, peaked, FusionSettings())[1]


@given(st.randoms(use_true_random=False), st.permutations("abc"))
@settings(max_examples=30, deadline=None)
def test_a_search_is_never_below_a_member_and_ignores_their_order(random: Random, order: list[str]) -> None:
    scores: dict[tuple[float, ...], float] = {}

    def rugged(weights: Mapping[str, float]) -> float:
        return scores.setdefault(tuple(weights[name] for name in "abc"), random.random())

    result = weigh_members(SCORES, rugged, FusionSettings(weights="search"))
    assert result[1] >= max(SCORES.values())
    assert result == weigh_members(
        {name: SCORES[name] for name in order}, rugged, FusionSettings(weights="search")
    )


def test_a_search_that_finds_nothing_better_keeps_the_best_member() -> None:
    weights, fused = weigh_members(SCORES, lambda _: 0.1, FusionSettings(weights="search"))
    assert (weights, fused) == ({"a": 0.0, "b": 0.0, "c": 1.0}, 0.7)


def test_one_member_needs_no_fusion() -> None:
    def never(_: Mapping[str, float]) -> float:
        raise AssertionError("the fusion of one member is the member")

    for method in METHODS:
        assert weigh_members({"a": 0.4}, never, FusionSettings(weights=method)) == ({"a": 1.0}, 0.4)


def test_all_scores_outside_the_unit_interval_are_named() -> None:
    with pytest.raises(UserError, match=r"(?s)a: nan.*b: 67\.2"):
        member_weights({"a": math.nan, "b": 67.2, "c": 0.5}, FusionSettings())


def test_an_empty_blend_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one member"):
        member_weights({}, FusionSettings())


def test_the_table_is_read_back_exactly(tmp_path: Path) -> None:
    weights = member_weights(SCORES, FusionSettings())
    table = weights_table(SCORES, weights, 0.75)
    assert list(table.columns) == ["member", "score", "weight", "fused"]
    assert list(table["fused"]) == [0.75] * 3
    assert list(table["member"]) == ["c", "b", "a"]
    assert list(table["score"]) == [0.7, 0.6, 0.5]
    write_csv(tmp_path / "weights.csv", table, checked=True)
    assert read_weights(tmp_path / "weights.csv") == weights


def test_a_table_needs_scores_and_weights_of_the_same_members() -> None:
    with pytest.raises(ValueError, match="but weights of"):
        weights_table(SCORES, {"a": 1.0}, 0.5)


members = st.lists(st.sampled_from("abcde"), min_size=1, max_size=5, unique=True)


def table_of_scores(seed: int) -> Callable[[list[str]], float]:
    """Return a function that gives every set of members a random score, the same for the same set."""
    return lambda names: Random(f"{seed} {sorted(names)}").random()


@given(members, st.integers(0, 999))
@settings(max_examples=60, deadline=None)
@pytest.mark.filterwarnings("ignore:no member raises")
def test_contributions_equal_plain_loops(names: list[str], seed: int) -> None:
    score = table_of_scores(seed)

    def fused_score(weights: Mapping[str, float]) -> float:
        used = [name for name, weight in weights.items() if weight]
        assert {round(weights[name], 12) for name in used} == {round(1 / len(used), 12)}
        return score(used)

    alone = {name: score([name]) for name in names}
    weights, _ = weigh_members(alone, lambda given: _fused(given, fused_score), LEAVE_ONE_OUT)
    assert weights == pytest.approx(leave_one_out(names, score))
    assert math.fsum(weights.values()) == pytest.approx(1) and min(weights.values()) >= 0


def _fused(weights: Mapping[str, float], equal: Callable[[Mapping[str, float]], float]) -> float:
    """Score equal weights by `equal`, and the final weights, which are not equal, by 0.5."""
    used = {round(weight, 12) for weight in weights.values() if weight}
    return equal(weights) if len(used) == 1 else 0.5


def test_a_member_that_lowers_the_score_has_no_weight() -> None:
    def score(weights: Mapping[str, float]) -> float:
        return 0.8 - 0.5 * weights["bad"] + 0.1 * weights["good"] + 0.05 * weights["fair"]

    none = {"bad": 0.0, "good": 0.0, "fair": 0.0}
    alone = {name: score({**none, name: 1.0}) for name in none}
    weights, fused = weigh_members(alone, score, LEAVE_ONE_OUT)
    assert weights["bad"] == 0.0 and weights["good"] > weights["fair"] > 0.0
    assert fused == score(weights)


def test_members_without_a_contribution_are_equal_with_a_warning() -> None:
    with pytest.warns(UserWarning, match="no member raises the score of the others"):
        weights, _ = weigh_members({"a": 0.5, "b": 0.5}, lambda weights: 0.5, LEAVE_ONE_OUT)
    assert weights == {"a": 0.5, "b": 0.5}
