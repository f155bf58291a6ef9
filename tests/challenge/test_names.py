"""Duplicates, unknown names and reserved names."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from bsnpp.challenge.names import EMPTY_CELLS, reserved, unknown
from bsnpp.core.settings import EachOnce, repeated


def test_repeated_items_keep_their_order() -> None:
    assert repeated(["b", "a", "b", "c", "a", "a"]) == ["b", "a"]
    assert repeated([]) == []


def test_a_list_with_duplicates_is_refused() -> None:
    names: TypeAdapter[tuple[str, ...]] = TypeAdapter(Annotated[tuple[str, ...], EachOnce])
    assert names.validate_python(["a", "b"]) == ("a", "b")
    with pytest.raises(ValidationError, match="a, b "):
        names.validate_python(["a", "b", "a", "b"])


def test_a_reserved_name_is_reported_with_the_reason() -> None:
    (fault,) = reserved("panels.", ["scores", "own"], {"scores": "it is a folder"})
    assert fault == "panels.scores: this name is reserved: it is a folder; choose another"
    assert len(reserved("", EMPTY_CELLS, {})) == len(EMPTY_CELLS)


def test_an_unknown_name_is_reported_with_the_known_ones() -> None:
    assert unknown("panel", "x", ["a", "b"]) == "unknown panel 'x'; known: a, b"
    assert unknown("panel", "x", []) == "unknown panel 'x'; known: none"
