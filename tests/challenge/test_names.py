"""What stands twice, and what is taken."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from bsnpp.challenge.names import EMPTY, taken
from bsnpp.core.settings import EachOnce, repeated


def test_what_stands_twice_is_told_in_order() -> None:
    assert repeated(["b", "a", "b", "c", "a", "a"]) == ["b", "a"]
    assert repeated([]) == []


def test_a_list_names_each_once() -> None:
    names: TypeAdapter[tuple[str, ...]] = TypeAdapter(Annotated[tuple[str, ...], EachOnce])
    assert names.validate_python(["a", "b"]) == ("a", "b")
    with pytest.raises(ValidationError, match="a, b stands there more than once; name each once"):
        names.validate_python(["a", "b", "a", "b"])


def test_a_taken_name_is_told_with_the_reason() -> None:
    (fault,) = taken("panels.", ["scores", "own"], {"scores": "it is a folder"})
    assert fault == "panels.scores: this name cannot be given, since it is a folder; choose another"
    assert len(taken("", EMPTY, {})) == len(EMPTY)
