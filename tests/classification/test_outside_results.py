"""Results of outside classifiers: both public layouts, and faults in one message."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import softmax

from bsnpp.classification.outside_results import read_scores
from bsnpp.core.errors import UserError

CLASSES = ["Archery", "Bowling", "Curling"]
VIDEOS = ["first", "second"]


def written(folder: Path, content: Any) -> Path:
    path = folder / "results.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.mark.parametrize("key", ["class", "classes"])
@pytest.mark.parametrize("prefix", ["", "v_"])
def test_classes_are_matched_by_name(tmp_path: Path, key: str, prefix: str) -> None:
    rows = {f"{prefix}second": [7, 8, 9], f"{prefix}first": [1, 2, 3], f"{prefix}other": [0, 0, 0]}
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


def test_unlisted_labels_get_the_floor(tmp_path: Path) -> None:
    listed = {
        "first": [{"label": "Curling", "score": 0.6}, {"label": "Archery", "score": 0.2}],
        "v_second": [{"label": "Bowling", "score": 1.0}],
    }
    path = written(tmp_path, {"results": listed})
    floor = np.log(1e-8)
    probabilities = read_scores(path, CLASSES, VIDEOS, "probabilities").logits
    np.testing.assert_allclose(probabilities, [[np.log(0.2), floor, np.log(0.6)], [floor, 0, floor]])
    logits = {"first": [{"label": "Curling", "score": 6.0}, {"label": "Archery", "score": 2.0}]}
    logits["second"] = [{"label": "Bowling", "score": 1.0}]
    path = written(tmp_path, {"results": logits})
    np.testing.assert_allclose(
        read_scores(path, CLASSES, VIDEOS, "logits").logits,
        [[2.0, 6.0 + floor, 6.0], [1 + floor, 1, 1 + floor]],
    )


def test_an_unlisted_class_never_ranks_above_a_listed_one(tmp_path: Path) -> None:
    listed = {"first": [{"label": "Curling", "score": 0.0}, {"label": "Archery", "score": -50.0}]}
    scores = read_scores(written(tmp_path, {"results": listed}), CLASSES, ["first"], "logits")
    np.testing.assert_array_equal(scores.logits, [[-50.0, -50.0, 0.0]])


def test_probabilities_are_not_accepted_as_logits(tmp_path: Path) -> None:
    rows = '{"one": [0.2, 0.3, 0.5], "two": [1.0, 0.0, 0.0]}'
    path = written(tmp_path, f'{{"results": {rows}, "class": ["Archery", "Bowling", "Curling"]}}')
    with pytest.raises(UserError, match="sums to 1; set the column `scores` to `probabilities`"):
        read_scores(path, CLASSES, ["one", "two"], "logits")
    read_scores(path, CLASSES, ["one", "two"], "probabilities")


def test_a_list_of_the_best_probabilities_is_not_accepted_as_logits(tmp_path: Path) -> None:
    classes = [f"c{number}" for number in range(200)]
    listed = {"a": [{"label": "c1", "score": 0.9}, {"label": "c2", "score": 0.08}]}
    path = written(tmp_path, {"results": listed})
    with pytest.raises(UserError, match="sum to at most 1; set the column `scores` to `probabilities`"):
        read_scores(path, classes, ["a"], "logits")
    best = softmax(read_scores(path, classes, ["a"], "probabilities").logits, axis=1).max()
    assert best == pytest.approx(0.9 / 0.98, abs=1e-3)


def test_all_faults_are_reported_together(tmp_path: Path) -> None:
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
        ("{", "not valid JSON"),
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
def test_every_kind_of_broken_file_has_a_message(tmp_path: Path, content: Any, part: str) -> None:
    with pytest.raises(UserError, match=r"results\.json") as caught:
        read_scores(written(tmp_path, content), CLASSES, VIDEOS, "logits")
    assert part in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"absent\.json: no such file"):
        read_scores(tmp_path / "absent.json", CLASSES, VIDEOS, "logits")


@pytest.mark.parametrize("label", [[], {}, 3, None])
def test_a_label_that_is_no_text_is_named(tmp_path: Path, label: object) -> None:
    entry = {"label": "Curling", "score": 0.6}
    path = written(tmp_path, {"results": {"first": [entry], "second": [entry, {**entry, "label": label}]}})
    with pytest.raises(UserError, match=r"video second: class .* is not a class of the challenge"):
        read_scores(path, CLASSES, VIDEOS, "probabilities")


def test_two_class_lists_that_differ_are_refused(tmp_path: Path) -> None:
    rows = {"first": [1, 2, 3], "second": [3, 2, 1]}
    same = written(tmp_path, {"results": rows, "class": CLASSES, "classes": CLASSES})
    assert read_scores(same, CLASSES, VIDEOS, "logits").classes == CLASSES
    other = written(tmp_path, {"results": rows, "class": CLASSES, "classes": CLASSES[::-1]})
    with pytest.raises(UserError, match='"class" and "classes" differ'):
        read_scores(other, CLASSES, VIDEOS, "logits")


def test_true_and_false_are_no_scores(tmp_path: Path) -> None:
    path = written(tmp_path, {"results": {"first": [True, 0, 0], "second": [1, 2, 3]}, "class": CLASSES})
    with pytest.raises(UserError, match="video first: a score is not a finite number"):
        read_scores(path, CLASSES, VIDEOS, "logits")
