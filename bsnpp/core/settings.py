"""Define the base class of all settings, and report invalid settings."""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from bsnpp.core.duplicates import Item, repeated
from bsnpp.core.errors import UserError

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
"""A name that can be part of a path: a letter, then letters, digits and underscores."""


Part = TypeVar("Part", bound="Settings")


class Settings(BaseModel):
    """Settings of one stage: immutable, with a description of every key; unknown keys are refused.

    Define them in the module of the one stage that reads them, so that a new default reruns that stage only.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    def part(self, kind: type[Part]) -> Part:
        """Return the keys of one of the classes from which this class inherits."""
        return kind.model_validate(self.model_dump(include=set(kind.model_fields)))


def explain(error: ValidationError) -> list[str]:
    """Describe each fault on one line: the path of the key, what is wrong, and the given value."""
    return [_explain_one(fault) for fault in error.errors()]


def _explain_one(fault: ErrorDetails) -> str:
    path = ".".join(str(part) for part in fault["loc"]) or "configuration"
    if fault["type"] == "extra_forbidden":
        return f"{path}: unknown key; remove it or correct its spelling"
    if fault["type"] == "missing":
        return f"{path}: this key is required"
    if fault["type"] == "union_tag_not_found":
        return f"{path}: the key {fault['ctx']['discriminator']} is required"
    message = fault["msg"].removeprefix("Value error, ")
    # The check of a whole section names its keys itself, and printing the section would hide the message.
    whole_section = isinstance(fault["input"], dict | BaseModel)
    return f"{path}: {message}" if whole_section else f"{path}: {message} (got {fault['input']!r})"


SomeSettings = TypeVar("SomeSettings", bound=Settings)


def parse_settings(text: str, kind: type[SomeSettings]) -> SomeSettings:
    """Parse settings from JSON.

    Raises
    ------
    UserError
        If the text is not valid JSON or a key is invalid. The message lists every fault.
    """
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        raise UserError("\n  ".join(["invalid settings:", *explain(error)])) from error


def _each_once(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Refuse a list that contains an entry more than once."""
    duplicates = repeated(items)
    if duplicates:
        verb = "is" if len(duplicates) == 1 else "are"
        names = ", ".join(map(str, duplicates))
        raise ValueError(f"{names} {verb} listed more than once; remove the duplicate")
    return items


EachOnce = AfterValidator(_each_once)
"""Annotate a list whose entries must differ."""
