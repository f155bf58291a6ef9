import gzip
import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.errors import Faults, UserError
from bsnpp.evaluation.prediction_json import read_results
from bsnpp.evaluation.prediction_text import read_class_numbers
from bsnpp.evaluation.predictions import read_predictions

RUN = {"label": "run", "score": 0.5, "segment": [0, 2.5]}
RESULTS = {"a": [RUN, {"label": "sit down", "score": 1, "segment": [3, 3]}], "b": [], "c": [RUN]}


def write(folder: Path, content: Any) -> Path:
    """Write a file of predictions; text as it is, anything else as JSON."""
    path = folder / "predictions"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_activitynet_json_is_read_in_its_order(tmp_path: Path) -> None:
    predictions = read_predictions(write(tmp_path, {"version": "1", "results": RESULTS}))
    expected = pd.DataFrame(
        [("a", "run", 0.5, 0.0, 2.5), ("a", "sit down", 1.0, 3.0, 3.0), ("c", "run", 0.5, 0.0, 2.5)],
        columns=["video", "label", "score", "start", "end"],
    )
    pd.testing.assert_frame_equal(predictions.table, expected)
    assert predictions.videos == ["a", "b", "c"]


def test_compressed_json_is_read(tmp_path: Path) -> None:
    path = tmp_path / "predictions.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"results": RESULTS}).encode()))
    assert len(read_predictions(path).table) == 3


def test_thumos_text_is_read_with_numbers_or_names_of_classes(tmp_path: Path) -> None:
    text = "b 1.5 2.5 7 0.9\n\na 0 1 Diving 3e-1\nb\t4 5 93 0.1\n"
    predictions = read_predictions(write(tmp_path, text))
    assert predictions.table.to_numpy().tolist() == [
        ["b", "BaseballPitch", 0.9, 1.5, 2.5],
        ["b", "VolleyballSpiking", 0.1, 4.0, 5.0],
        ["a", "Diving", 0.3, 0.0, 1.0],
    ]
    own = read_predictions(write(tmp_path, "a 0 1 2 1\n"), class_numbers={2: "run"})
    assert own.table["label"].tolist() == ["run"]


def test_proposals_need_no_labels(tmp_path: Path) -> None:
    entries = [{"score": 0.5, "segment": [0, 2]}, {"label": 3, "score": 0.25, "segment": [1, 2]}]
    from_json = read_predictions(write(tmp_path, {"results": {"a": entries}}), labels=False)
    from_text = read_predictions(write(tmp_path, "a 0 2 0.5\na 1 2 7 0.25\n"), labels=False)
    assert list(from_json.table.columns) == ["video", "score", "start", "end"]
    pd.testing.assert_frame_equal(from_json.table, from_text.table)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"label": "run", "score": math.nan, "segment": [0, 1]}, "score is nan, should be a finite number"),
        ({"label": "run", "score": "0.5", "segment": [0, 1]}, "score is '0.5', should be a finite number"),
        ({"label": "run", "score": True, "segment": [0, 1]}, "score is True"),
        ({"label": "run", "score": 10**400, "segment": [0, 1]}, "score is 1000"),
        ({"label": 3, "score": 1, "segment": [0, 1]}, "label is 3, should be the name of a class"),
        ({"label": " ", "score": 1, "segment": [0, 1]}, "label is ' '"),
        ({"label": "run", "score": 1, "segment": [2, 1]}, "ends at 1 s, before its start at 2 s"),
        ({"label": "run", "score": 1, "segment": [0]}, r"segment is \[0\], should be \[start, end\]"),
        ({"label": "run", "score": 1, "segment": [0, math.inf]}, r"segment is \[0, inf\]"),
        ({"label": "run", "score": 1, "segment": {"0": 0, "1": 1}}, "segment is {"),
        ({"label": "run", "segment": [0, 1]}, "should be an object with label, score, segment, not"),
        (["run", 1, [0, 1]], "should be an object with label, score, segment, not"),
    ],
)
def test_invalid_entries_are_listed_with_video_and_number(tmp_path: Path, entry: Any, message: str) -> None:
    path = write(tmp_path, {"results": {"a": [RUN, entry], "b": [entry]}})
    with pytest.raises(UserError, match=message) as error:
        read_predictions(path)
    lines = str(error.value).splitlines()
    assert lines[0] == f"{path}: invalid predictions:"
    assert [line.split(":")[0] for line in lines[1:3]] == ["  a, entry 1", "  b, entry 0"]
    assert lines[3].startswith("Supported layouts")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"results": ', "not valid JSON"),
        ("[1, 2]", "should contain a JSON object, not"),
        ("[" * 100_000, "not valid JSON"),
        ({"detections": RESULTS}, "the key `results` should be an object .* it has 'detections'"),
        ({}, "it has no keys at all"),
        ({"results": [RUN]}, "the key `results` should be an object"),
        ({"results": {"a": RUN}}, "'a': should be a list of predictions, not"),
        ({"results": {"a": {}}}, "'a': should be a list of predictions, not {}"),
        (
            '{"results": {"a": [], "b": [], "a": []}}',
            r"key 'a' occurs more than once \(keys 1 and 3 of 3\); remove the duplicate",
        ),
        ("a 1 2 7", "line 1: 4 columns instead of 5"),
        ("video,start,end,label,score\n", "line 1: 1 column instead of 5"),
        ("a 2 1 7 0.5", "line 1: ends at 1 s, before its start at 2 s"),
        ("a 1 2 7 nan", "line 1: start, end and score should be finite"),
        ("a 1 2 7 high", "line 1: start, end and score should be numbers"),
        ("a 1 2 8 0.5", "line 1: class number 8 is unknown; known are 7, 9, 12"),
    ],
)
def test_files_of_another_layout_are_refused(tmp_path: Path, content: Any, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_predictions(write(tmp_path, content))


@pytest.mark.parametrize("content", ["", {"results": {}}, {"results": {"a": [], "b": []}}])
def test_empty_results_are_refused(tmp_path: Path, content: Any) -> None:
    with pytest.raises(UserError, match="no predictions, the results are empty"):
        read_predictions(write(tmp_path, content))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(UserError, match=r"predictions\. Supported layouts"):
            read_predictions(path)


def test_many_faults_are_listed_up_to_a_bound(tmp_path: Path) -> None:
    path = write(tmp_path, {"results": {"a": [{}] * 1000}})
    with pytest.raises(UserError, match="and 950 more") as error:
        read_predictions(path)
    assert len(str(error.value).splitlines()) == 53


def test_class_numbers_are_read(tmp_path: Path) -> None:
    assert read_class_numbers(write(tmp_path, "7 BaseballPitch\n\n 9\tDiving\n")) == {
        7: "BaseballPitch",
        9: "Diving",
    }


@pytest.mark.parametrize("content", ["", "BaseballPitch 7", "7 Baseball Pitch", "7"])
def test_invalid_class_numbers_are_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(UserError, match="Write a number and a name on every line"):
        read_class_numbers(write(tmp_path, content))


values = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 5), st.floats(), st.just(10**400), st.text(max_size=3)
)
anything = st.recursive(
    values,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["label", "score", "segment"]), inner, max_size=3)
    ),
    max_leaves=8,
)
entries = st.fixed_dictionaries(
    {
        "label": st.just("run") | anything,
        "score": st.floats(0, 1) | anything,
        "segment": st.lists(st.integers(0, 3), min_size=2, max_size=2) | anything,
    }
)


@given(st.dictionaries(st.sampled_from("ab"), st.lists(entries, max_size=3) | anything), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_json_is_read_whole_or_explained(results: dict[str, Any], labels: bool) -> None:
    faults = Faults("invalid")
    columns = list(read_results(json.dumps({"results": results}), labels, faults))
    rows = sum(len(part.score) for part in columns)
    assert faults or rows == sum(len(entries) for entries in results.values() if isinstance(entries, list))
    for part in columns:
        assert len(part.label) == (len(part.score) if labels else 0)
        assert (part.start <= part.end).all()


def test_a_class_number_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="class number 7 is listed more than once"):
        read_class_numbers(write(tmp_path, "7 BaseballPitch\n7 Diving\n"))
