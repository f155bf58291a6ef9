"""Duplicates are found in order of first occurrence."""

from bsnpp.core.duplicates import repeated


def test_duplicates_keep_their_order() -> None:
    assert repeated(["b", "a", "b", "c", "a", "a"]) == ["b", "a"]
    assert repeated([]) == []
