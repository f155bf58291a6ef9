"""The base of every stage's settings."""

from collections.abc import Hashable, Iterable
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from bsnpp.core.errors import UserError

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
"""A name that may stand in a path of the chain: letters, digits and underscores."""


class Settings(BaseModel):
    """Settings of one stage: frozen, every key described, an unknown key refused.

    A stage's class lives beside the stage, so that an edit of it reruns that stage and no other.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def explain(error: ValidationError) -> list[str]:
    """One line for each fault: the key's path, what is wrong, and the value that was given."""
    return [_explain_one(fault) for fault in error.errors()]


def _explain_one(fault: ErrorDetails) -> str:
    path = ".".join(str(part) for part in fault["loc"]) or "configuration"
    if fault["type"] == "extra_forbidden":
        return f"{path}: unknown key; remove it or correct its name"
    if fault["type"] == "missing":
        return f"{path}: this key is required"
    if fault["type"] == "union_tag_not_found":
        return f"{path}: the key {fault['ctx']['discriminator']} is required"
    message = fault["msg"].removeprefix("Value error, ")
    # A check of a whole section names its keys itself; the section would bury the message.
    whole_section = isinstance(fault["input"], dict | BaseModel)
    return f"{path}: {message}" if whole_section else f"{path}: {message} (got {fault['input']!r})"


SomeSettings = TypeVar("SomeSettings", bound=Settings)


def parse_settings(text: str, kind: type[SomeSettings]) -> SomeSettings:
    """Read settings from JSON text; a `UserError` lists every key that is wrong."""
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        raise UserError("\n  ".join(["settings are not right:", *explain(error)])) from error


Item = TypeVar("Item", bound=Hashable)


def repeated(items: Iterable[Item]) -> list[Item]:
    """What stands more than once, in order of its first place.

    Examples
    --------
    >>> repeated(["a", "b", "a", "c", "b"])
    ['a', 'b']
    """
    counts: dict[Item, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    return [item for item, count in counts.items() if count > 1]


def _each_once(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Refuse a list that names something twice."""
    twice = ", ".join(map(str, repeated(items)))
    if twice:
        raise ValueError(f"{twice} stands there more than once; name each once")
    return items


EachOnce = AfterValidator(_each_once)
"""Annotates a list whose entries must differ."""
