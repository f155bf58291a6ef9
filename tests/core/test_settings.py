"""Settings refuse unknown keys and invalid values with a clear message."""

from typing import Annotated, Self

import pytest
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from bsnpp.core.errors import UserError
from bsnpp.core.settings import EachOnce, Name, Settings, explain, parse_settings


class Inner(Settings):
    """A nested section."""

    share: float = Field(0.5, ge=0, le=1)


class Outer(Settings):
    """A section with nested sections."""

    name: Name
    inner: Inner = Inner()
    many: tuple[Inner, ...] = ()

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if self.name == "b" and self.many:
            raise ValueError("b has no many")
        return self


def faults_of(**values: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(values)
    return explain(caught.value)


def test_every_message_names_the_key_and_the_value() -> None:
    faults = faults_of(inner={"share": 1.5, "shaer": 1}, many=[{}, {"share": "half"}])
    assert "name: this key is required" in faults
    assert "inner.share: Input should be less than or equal to 1 (got 1.5)" in faults
    assert "inner.shaer: unknown key; remove it or correct its spelling" in faults
    assert any(fault.startswith("many.1.share: ") and fault.endswith("(got 'half')") for fault in faults)
    assert len(faults) == 4


def test_the_message_about_a_section_does_not_print_it() -> None:
    assert faults_of(name="b", many=[{}]) == ["configuration: b has no many"]


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a.b", "1a", "../a", "a-b"])
def test_a_name_that_cannot_be_part_of_a_path_is_refused(name: str) -> None:
    (fault,) = faults_of(name=name)
    assert fault.startswith("name: ") and repr(name) in fault


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_must_be_finite(value: float) -> None:
    assert len(faults_of(name="a", inner={"share": value})) == 1


def test_settings_are_immutable() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Inner().share = 1.0  # type: ignore[misc]


def test_settings_survive_a_round_trip_through_json() -> None:
    settings = Outer(name="a", inner=Inner(share=1 / 3))
    assert parse_settings(settings.model_dump_json(), Outer) == settings


@pytest.mark.parametrize("text", ["{", "[]", '{"name": "a", "nmae": 1}'])
def test_invalid_json_is_a_user_error(text: str) -> None:
    with pytest.raises(UserError, match="invalid settings"):
        parse_settings(text, Outer)


def test_a_list_with_duplicates_is_refused() -> None:
    names: TypeAdapter[tuple[str, ...]] = TypeAdapter(Annotated[tuple[str, ...], EachOnce])
    assert names.validate_python(["a", "b"]) == ("a", "b")
    with pytest.raises(ValidationError, match="a, b are listed more than once; remove the duplicate"):
        names.validate_python(["a", "b", "a", "b"])
