"""Class scores: both public layouts, mapping by name, faults in one message, fusion."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from bsnpp.classification.logits import probabilities_to_logits
from bsnpp.classification.outside_results import read_scores
from bsnpp.classification.scores import align_scores, fuse_scores
from bsnpp.core.errors import UserError
from bsnpp.stores.class_scores import ClassScores

CLASSES = ["Archery", "Bowling", "Curling"]
VIDEOS = ["first", "second"]


def written(folder: Path, content: Any) -> Path:
    path = folder / "results.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.mark.parametrize("key", ["class", "classes"])
@pytest.mark.parametrize("prefix", ["", "v_"])
def test_classes_are_mapped_by_name(tmp_path: Path, key: str, prefix: str) -> None:
    rows = {f"{prefix}second": [7, 8, 9], f"{prefix}first": [1, 2, 3], f"{prefix}unasked": [0, 0, 0]}
    path = written(tmp_path, {"results": rows, key: ["Curling", "Archery", "Bowling"]})
    scores = read_scores(path, CLASSES, VIDEOS, "logits")
    assert (scores.videos, scores.classes) == (VIDEOS, CLASSES)
    assert scores.logits.dtype == np.float64
    np.testing.assert_array_equal(scores.logits, [[2, 3, 1], [8, 9, 7]])


def test_probabilities_become_logits_with_a_floor(tmp_path: Path) -> None:
    rows = {"first": [0.5, 0.0, 0.5], "second": [2.0, 1.0, 1e-9]}
    path = written(tmp_path, {"results": rows, "class": CLASSES})
    floor = np.log(1e-8)
    expected = [[np.log(0.5), floor, np.log(0.5)], [np.log(2), 0, floor]]
    np.testing.assert_allclose(read_scores(path, CLASSES, VIDEOS, "probabilities").logits, expected)


def test_listed_labels_leave_the_floor_to_the_others(tmp_path: Path) -> None:
    listed = {
        "first": [{"label": "Curling", "score": 0.6}, {"label": "Archery", "score": 0.2}],
        "v_second": [{"label": "Bowling", "score": 1.0}],
    }
    path = written(tmp_path, {"results": listed})
    floor = np.log(1e-8)
    probabilities = read_scores(path, CLASSES, VIDEOS, "probabilities").logits
    np.testing.assert_allclose(probabilities, [[np.log(0.2), floor, np.log(0.6)], [floor, 0, floor]])
    logits = read_scores(path, CLASSES, VIDEOS, "logits").logits
    np.testing.assert_allclose(logits, [[0.2, 0.6 + floor, 0.6], [1 + floor, 1, 1 + floor]])


def test_an_unlisted_class_never_stands_above_a_listed_one(tmp_path: Path) -> None:
    listed = {"first": [{"label": "Curling", "score": 0.0}, {"label": "Archery", "score": -50.0}]}
    scores = read_scores(written(tmp_path, {"results": listed}), CLASSES, ["first"], "logits")
    np.testing.assert_array_equal(scores.logits, [[-50.0, -50.0, 0.0]])


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    rows = '{"short": [0.5, 0.5], "nan": [0.1, NaN, 0.2], "minus": [-1, 0, 1],'
    rows += ' "text": [1, "a", 2], "none": null}'
    path = written(tmp_path, f'{{"results": {rows}, "class": ["Archery", "Bowling", "Diving"]}}')
    videos = ["short", "nan", "minus", "text", "none", "absent"]
    with pytest.raises(UserError) as caught:
        read_scores(path, CLASSES, videos, "probabilities")
    message = str(caught.value)
    for part in (
        str(path),
        "video short: 2 numbers for 3 classes",
        "video nan: a score is not a finite number",
        "video minus: a negative probability (-1)",
        "video text: a score is not a finite number",
        "video none: None for 3 classes",
        "video absent: missing",
        "class 'Diving': not a class of the challenge",
        "class 'Curling': missing",
    ):
        assert part in message


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("{", "not JSON"),
        ([1], "results"),
        ({"results": []}, "results"),
        ({"results": {}, "class": "Archery"}, "not a list of names"),
        ({"results": {"first": [1, 2], "second": [1, 2]}}, 'is the key "class" missing'),
        ({"results": {"first": [], "second": []}}, "not a list of"),
        (
            {"results": {"first": [{"label": "Diving", "score": 1}]}},
            "video first: class 'Diving' is not a class of the challenge",
        ),
        ({"results": {"first": [{"label": "Archery", "score": 1}] * 2}}, "listed twice"),
        ({"results": {"first": [1, 2, 3], "v_first": [1, 2, 3]}, "class": CLASSES}, "with and without"),
        ({"results": {"first": [1] * 4}, "class": [*CLASSES, "Curling"]}, "'Curling': listed twice"),
    ],
)
def test_each_broken_file_gets_its_message(tmp_path: Path, content: Any, part: str) -> None:
    with pytest.raises(UserError, match=r"results\.json") as caught:
        read_scores(written(tmp_path, content), CLASSES, VIDEOS, "logits")
    assert part in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"absent\.json: cannot be read"):
        read_scores(tmp_path / "absent.json", CLASSES, VIDEOS, "logits")


def test_fusion_is_the_formula() -> None:
    rng = np.random.default_rng(1)
    members = [ClassScores(VIDEOS, CLASSES, rng.normal(size=(2, 3))) for _ in range(2)]
    weights, temperatures = np.array([0.3, 0.7]), np.array([0.5, 2.0])
    odds = np.exp(0.3 * members[0].logits / 0.5 + 0.7 * members[1].logits / 2.0)
    fused = fuse_scores(members, weights, temperatures)
    np.testing.assert_allclose(fused, odds / odds.sum(axis=1, keepdims=True), rtol=1e-12)
    swapped = fuse_scores(members[::-1], weights[::-1], temperatures[::-1])
    np.testing.assert_allclose(swapped, fused, rtol=1e-12)


def test_a_constant_in_a_row_changes_nothing_however_large() -> None:
    logits = np.random.default_rng(2).normal(size=(2, 3))
    one = fuse_scores([ClassScores(VIDEOS, CLASSES, logits)], np.ones(1), np.ones(1))
    moved = fuse_scores(
        [ClassScores(VIDEOS, CLASSES, logits + np.array([[1e3], [-1e3]]))], np.ones(1), np.ones(1)
    )
    np.testing.assert_allclose(moved, one, rtol=1e-10)


def test_probabilities_survive_the_way_through_logits() -> None:
    probability = np.random.default_rng(3).dirichlet(np.ones(3), size=2)
    scores = ClassScores(VIDEOS, CLASSES, probabilities_to_logits(probability))
    np.testing.assert_allclose(fuse_scores([scores], np.ones(1), np.ones(1)), probability, rtol=1e-12)


def test_members_that_do_not_fit_are_refused() -> None:
    scores = ClassScores(VIDEOS, CLASSES, np.zeros((2, 3)))
    other = ClassScores(VIDEOS[::-1], CLASSES, np.zeros((2, 3)))
    with pytest.raises(ValueError, match="same videos"):
        fuse_scores([scores, other], np.ones(2), np.ones(2))
    with pytest.raises(ValueError, match="1 members, 2 weights"):
        fuse_scores([scores], np.ones(2), np.ones(1))
    with pytest.raises(ValueError, match="above 0"):
        fuse_scores([scores], np.ones(1), np.zeros(1))
    with pytest.raises(ValueError, match="shape"):
        ClassScores(VIDEOS, CLASSES, np.zeros((3, 2)))


def test_classifiers_are_aligned_by_name_whatever_their_orders() -> None:
    logits = np.random.default_rng(0).normal(size=(3, 4))
    videos, classes = ["v1", "v2", "v3"], ["a", "b", "c", "d"]
    rows, columns = [2, 0, 1], [3, 1, 0, 2]
    other = ClassScores(
        [videos[row] for row in rows], [classes[column] for column in columns], logits[np.ix_(rows, columns)]
    )
    one, two = align_scores({"one": ClassScores(videos, classes, logits), "two": other}, videos, classes)
    assert one.videos == two.videos == videos and one.classes == two.classes == classes
    np.testing.assert_array_equal(one.logits, logits)
    np.testing.assert_array_equal(two.logits, logits)


def test_every_fault_of_every_classifier_is_told_at_once() -> None:
    videos, classes = ["v1", "v2"], ["a", "b"]
    spoiled = np.array([[0.0, np.nan], [1.0, 2.0]])
    members = {
        "one": ClassScores(["v1"], ["a", "b"], np.zeros((1, 2))),
        "two": ClassScores(videos, ["b", "c"], np.zeros((2, 2))),
        "three": ClassScores(videos, classes, spoiled),
        "fine": ClassScores(videos, classes, np.zeros((2, 2))),
    }
    with pytest.raises(UserError) as caught:
        align_scores(members, videos, classes)
    for line in (
        "one: video v2: missing",
        "two: class 'a': missing",
        "two: class 'c': unknown",
        "three: video v1: a score is not a finite number",
    ):
        assert line in str(caught.value)
    assert "fine" not in str(caught.value)


@given(st.integers(0, 2**16), st.integers(1, 5))
@settings(max_examples=30, deadline=None)
def test_fusion_knows_no_order_and_equal_weights_are_the_mean(seed: int, members: int) -> None:
    random = np.random.default_rng(seed)
    videos, classes = ["v1", "v2", "v3"], ["a", "b", "c", "d"]
    panel = [ClassScores(videos, classes, random.normal(size=(3, 4))) for _ in range(members)]
    weights, temperatures = random.dirichlet(np.ones(members)), random.uniform(0.5, 2, members)
    order = random.permutation(members)
    fused = fuse_scores(panel, weights, temperatures)
    permuted = fuse_scores([panel[place] for place in order], weights[order], temperatures[order])
    np.testing.assert_allclose(permuted, fused, rtol=0, atol=1e-12)
    equal = fuse_scores(panel, np.full(members, 1 / members), np.ones(members))
    mean = softmax(np.mean([member.logits for member in panel], axis=0), axis=1)
    np.testing.assert_allclose(equal, mean, rtol=0, atol=1e-12)


def test_probabilities_are_not_taken_for_logits(tmp_path: Path) -> None:
    rows = '{"one": [0.2, 0.3, 0.5], "two": [1.0, 0.0, 0.0]}'
    path = written(tmp_path, f'{{"results": {rows}, "class": ["Archery", "Bowling", "Curling"]}}')
    with pytest.raises(UserError, match="sums to 1; set the column `scores` to `probabilities`"):
        read_scores(path, CLASSES, ["one", "two"], "logits")
    read_scores(path, CLASSES, ["one", "two"], "probabilities")
