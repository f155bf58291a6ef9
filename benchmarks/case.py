"""A benchmark case."""

from collections.abc import Callable
from dataclasses import dataclass

Run = Callable[[], object]


@dataclass(frozen=True)
class Case:
    """A fast and a textbook implementation of the same operation.

    Attributes
    ----------
    name : str
    fast, textbook : callable
        Prepare the input of one side, at smoke size if the argument is true, and return the function to time.
    rounds : int
        Number of timed runs of each side.
    """

    name: str
    fast: Callable[[bool], Run]
    textbook: Callable[[bool], Run]
    rounds: int
