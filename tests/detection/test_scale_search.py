"""The search for a rule of scales, compared with the detections that each rule selects."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bsnpp.detection.scale_search import (
    compare_ranges,
    compare_rules,
    describe_rule,
    match_scales,
    scale_rules,
)
from bsnpp.detection.scale_search_settings import ScaleSearchSettings
from bsnpp.evaluation.detection import evaluate_detections
from bsnpp.features.scales import DurationRegime, ScaleSettings

PAPER = ScaleSettings()
SCALES = (30, 80, 100)
LEVELS = [0.3, 0.5, 0.7]


def world(seed: int) -> tuple[dict[int, pd.DataFrame], pd.DataFrame, dict[str, float]]:
    """Make detections at every scale, instances, and durations of twelve videos."""
    rng = np.random.default_rng(seed)
    durations = {f"v{index}": float(rng.uniform(5.0, 200.0)) for index in range(12)}
    rows = [(video, rng.choice(["run", "sit"]), *rng.random(2)) for video in durations for _ in range(2)]
    instances = pd.DataFrame(rows, columns=["video", "label", "start", "end"])
    instances[["start", "end"]] = np.sort(instances[["start", "end"]], axis=1) * 5.0
    detections = {}
    for scale in SCALES:
        table = pd.concat([instances] * 2, ignore_index=True)
        table[["start", "end"]] += rng.normal(0.0, 0.4, (len(table), 2))
        table["end"] = np.maximum(table["end"], table["start"] + 0.01)
        detections[scale] = table.assign(score=rng.random(len(table)))
    return detections, instances, durations


def test_rules_are_listed_once_the_plainest_first() -> None:
    search = ScaleSearchSettings(scales=(60,), bounds=(30.0, 60.0))
    rules = scale_rules(search, PAPER, [30, 60, 80, 100])
    assert rules[0].regimes == (DurationRegime(scale=100),)
    assert PAPER.regimes in [rule.regimes for rule in rules]
    # 4 scales and the bounds 30, 60, 120: one range, two, or three
    assert len(rules) == len({rule.regimes for rule in rules}) == 4 + 3 * 4 * 3 + 3 * 4 * 3 * 3
    for rule in rules:
        assert all(first.scale != second.scale for first, second in pairwise(rule.regimes))
    counts = [len(rule.regimes) for rule in rules]
    assert counts == sorted(counts)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_a_rule_scores_as_the_detections_that_it_selects(seed: int) -> None:
    detections, instances, durations = world(seed)
    matched = match_scales(detections, instances, durations, LEVELS)
    for rule in scale_rules(ScaleSearchSettings(), PAPER, SCALES)[:25]:
        parts = [
            table[[rule.of_duration(durations[video]) == scale for video in table["video"]]]
            for scale, table in detections.items()
        ]
        expected = evaluate_detections(instances, pd.concat(parts), LEVELS).average_map
        assert matched.average_map(matched.weights(rule)[None])[0] == pytest.approx(expected, abs=1e-12)
    for _, row in compare_ranges(matched, [30.0, 120.0]).iterrows():
        below = np.inf if np.isnan(row["below"]) else row["below"]
        videos = [video for video, one in durations.items() if row["above"] <= one < below]
        truth, detected = (
            table[table["video"].isin(videos)] for table in (instances, detections[row["scale"]])
        )
        assert row["videos"] == len(videos) and row["instances"] == len(truth)
        expected = 100 * evaluate_detections(truth, detected, LEVELS).average_map
        assert row["average_map"] == pytest.approx(expected, abs=1e-9)


def test_a_rule_that_is_clearly_better_is_chosen_and_otherwise_the_plainest() -> None:
    detections, instances, durations = world(0)
    perfect = instances.assign(score=1.0)
    hopeless = perfect.assign(start=perfect["start"] + 100.0, end=perfect["end"] + 100.0)
    short = np.array([durations[video] < 30 for video in instances["video"]])
    detections = {100: pd.concat([perfect[~short], hopeless[short]]), 80: hopeless, 30: perfect}
    rules = scale_rules(ScaleSearchSettings(), PAPER, SCALES)
    matched = match_scales(detections, instances, durations, LEVELS)
    table, chosen = compare_rules(matched, rules, 3, PAPER)
    assert chosen.regimes == (DurationRegime(scale=30),), "plainer than a rule with ranges, and as good"
    assert table["average_map"].iloc[0] == pytest.approx(100.0)
    assert table.loc[table["chosen"], "rule"].tolist() == ["30 cells"]
    assert table.loc[table["in_use"], "rule"].tolist() == [describe_rule(PAPER)]
    same = match_scales(dict.fromkeys(SCALES, perfect), instances, durations, LEVELS)
    _, plainest = compare_rules(same, rules, 3, PAPER)
    assert plainest.regimes == (DurationRegime(scale=100),)


def test_the_configured_rule_is_compared_even_with_too_many_ranges() -> None:
    rules = scale_rules(ScaleSearchSettings(most_ranges=1), PAPER, SCALES)
    assert [len(rule.regimes) for rule in rules] == [1, 1, 1, 3] and rules[-1] == PAPER


def test_a_rule_is_described_in_words() -> None:
    assert describe_rule(PAPER) == "30 cells below 30 s, 80 below 120 s, else 100"
    assert describe_rule(ScaleSettings(regimes=(DurationRegime(scale=64),))) == "64 cells"


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"scales": (40, 40)}, "listed twice"),
        ({"bounds": (60.0, 30.0)}, "ascending"),
        ({"scales": (3,)}, "4"),
    ],
)
def test_invalid_searches(keys: dict[str, tuple[float, ...]], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ScaleSearchSettings.model_validate(keys)
