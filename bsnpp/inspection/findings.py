"""Findings of an inspection: faults that would stop a run, and warnings, each with advice."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bsnpp.core.errors import UserError

SHOWN = 10
"""Number of examples that a finding lists on the terminal."""

Level = Literal["fault", "warning"]


@dataclass(frozen=True)
class Finding:
    """One kind of problem at one place.

    Attributes
    ----------
    level : {"fault", "warning"}
        A fault stops the run; a warning does not, but results may be wrong or worse.
    place : str
        File, stream or subset.
    text : str
        What is wrong.
    advice : str
        What to do about it.
    examples : tuple of str
        Every case: videos, classes or messages.
    """

    level: Level
    place: str
    text: str
    advice: str
    examples: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Return the lines for the terminal, with some of the examples."""
        hidden = len(self.examples) - SHOWN
        return [
            f"{self.level}: {self.place}: {self.text}",
            *(f"    {example}" for example in self.examples[:SHOWN]),
            *([f"    ... and {hidden:,} more"] if hidden > 0 else []),
            f"  -> {self.advice}",
        ]

    def content(self) -> dict[str, Any]:
        """Return what the JSON file holds, with all examples."""
        return asdict(self)


def if_any(level: Level, place: str, text: str, advice: str, examples: Iterable[str]) -> list[Finding]:
    """Return a finding if there are examples; `{n}` in the text is their number."""
    listed = tuple(examples)
    return [Finding(level, place, text.replace("{n}", f"{len(listed):,}"), advice, listed)] if listed else []


def refusal(place: str, error: UserError, advice: str) -> Finding:
    """Return the fault of an input that a reader refuses, with every line of its message."""
    heading, *lines = str(error).splitlines()
    return Finding("fault", place, heading.rstrip(":"), advice, tuple(line.strip() for line in lines))
