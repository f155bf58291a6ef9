"""Mistakes of the user's: collected, told in one message, and never shown as a traceback."""

from collections.abc import Iterable


class UserError(Exception):
    """Something that the user can mend: the message says what, where, and what to do."""


class Faults:
    """Collects faults, so that a user learns of all of them at once.

    Examples
    --------
    >>> faults = Faults("videos without features")
    >>> faults.add("v1: no file v1.npy")
    >>> faults.raise_if_any()
    Traceback (most recent call last):
    ...
    bsnpp.core.errors.UserError: videos without features:
      v1: no file v1.npy
    """

    SHOWN = 50

    def __init__(self, heading: str, advice: str = "") -> None:
        self.heading = heading
        self.advice = advice
        self.messages: list[str] = []

    def add(self, message: str) -> None:
        """Remember one fault."""
        self.messages.append(message)

    def extend(self, messages: Iterable[str]) -> None:
        """Remember several faults."""
        self.messages.extend(messages)

    def __bool__(self) -> bool:
        return bool(self.messages)

    def __str__(self) -> str:
        shown = [f"  {message}" for message in self.messages[: self.SHOWN]]
        hidden = len(self.messages) - len(shown)
        if hidden:
            shown.append(f"  ... and {hidden} more")
        return "\n".join([f"{self.heading}:", *shown, *([self.advice] if self.advice else [])])

    def raise_if_any(self) -> None:
        """Raise a `UserError` with every fault collected so far, if there is one."""
        if self.messages:
            raise UserError(str(self))
