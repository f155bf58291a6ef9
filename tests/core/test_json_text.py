"""JSON text: a repeated key is reported with its places, in every reader of files that people write."""

import json
from pathlib import Path

import pytest

from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.annotations.subset import read_subset
from bsnpp.challenge.config_files import read_config
from bsnpp.classification.outside_results import read_scores
from bsnpp.core.errors import UserError
from bsnpp.core.json_text import load_json, parse_json

VIDEO = '{"duration": 60, "subset": "validation", "annotations": [{"segment": [1, 9], "label": "X"}]}'


def test_repeated_keys_are_reported_with_their_places() -> None:
    assert parse_json('{"a": {"b": 1}, "c": [{"b": 1, "d": 2}]}')[1] == []
    content, repeated = parse_json('{"a": [{"b": 1, "c": 0, "b": 2, "b": 3}]}')
    assert content == {"a": [{"b": 3, "c": 0}]}
    assert repeated == ["key 'b' occurs more than once (keys 1 and 3 and 4 of 4)"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": [1', "is the file complete?"),
        ("video,start,end,label", "it should contain numbers"),
        ("[" * 100_000, "nested too deeply; it should contain numbers"),
    ],
)
def test_advice_fits_the_text(text: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        load_json("file.json", text, "numbers")
    assert message in str(caught.value)


def test_a_video_twice_in_annotations_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(f'{{"database": {{"a": {VIDEO}, "b": {VIDEO}, "b": {VIDEO}}}}}')
    with pytest.raises(UserError, match=r"'b' occurs more than once \(keys 2 and 3 of 3\)"):
        read_annotations(AnnotationSettings(layout="activitynet", path=str(path)))
    with pytest.raises(UserError, match="'b' occurs more than once"):
        read_subset(str(path), "validation")


def test_a_video_twice_in_a_subset_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "s.csv").write_text("video,subset\nv_a,training\nv_b,training\na,validation\n")
    with pytest.raises(UserError, match=r"s\.csv: (.|\n)*a: rows 2 and 4"):
        read_subset(str(tmp_path / "a.json"), "validation", str(tmp_path / "s.csv"))


def test_a_video_twice_in_a_score_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text('{"class": ["c0", "c1"], "results": {"a": [0.9, 0.1], "a": [0.1, 0.9]}}')
    with pytest.raises(UserError, match=r"s\.json: (.|\n)*'a' occurs more than once \(keys 1 and 2 of 2\)"):
        read_scores(path, ["c0", "c1"], ["a"], "probabilities")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: {c: 1}\na: 2\n", "line 3, column 1: the key 'a' is already on line 1"),
        ("s:\n  k: 1\n  k: 1\n", "line 3, column 3: the key 'k' is already on line 2"),
        (json.dumps({"a": 1})[:-1] + ', "a": 2}', "'a' occurs more than once (keys 1 and 2 of 2)"),
    ],
)
def test_a_key_twice_in_a_configuration_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "config.yaml").write_text(text)
    with pytest.raises(UserError) as caught:
        read_config([tmp_path / "config.yaml"])
    assert message in str(caught.value)


def test_a_merged_section_may_override_keys(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\n")
    assert read_config([tmp_path / "config.yaml"])["b"] == {"k": 3, "l": 2}
