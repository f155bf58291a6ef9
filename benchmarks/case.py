"""What a benchmark is made of."""

from collections.abc import Callable
from dataclasses import dataclass

Run = Callable[[], object]


@dataclass(frozen=True)
class Case:
    """One claim of speed.

    Attributes
    ----------
    name : str
    fast, textbook : callable
        Make one side's input and operators, for a smoke size if asked to; return what is timed.
    rounds : int
        How often the sides alternate.
    """

    name: str
    fast: Callable[[bool], Run]
    textbook: Callable[[bool], Run]
    rounds: int
