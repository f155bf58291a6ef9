"""Folds that never split a group."""

import pytest

from bsnpp.snippets.folds import group_folds


def test_the_recordings_of_a_person_stay_together() -> None:
    persons = {"a": "1", "b": "1", "c": "2", "d": "3", "e": "3", "f": "3", "g": "4"}
    parts = group_folds(persons, 3)
    assert sorted(video for part in parts for video in part) == sorted(persons)
    owners = [{persons[video] for video in part} for part in parts]
    assert sum(map(len, owners)) == 4
    assert len(parts) == 3
    assert len(group_folds(persons, 99)) == 4


def test_a_single_person_is_divided_by_recording() -> None:
    with pytest.warns(UserWarning, match="one group .*: folds divide its recordings"):
        assert group_folds({"a": "1", "b": "1"}, 2) == [["a"], ["b"]]
    with pytest.warns(UserWarning, match="its only recording is trained on, too"):
        assert group_folds({"a": "1"}, 2) == [["a"]]
