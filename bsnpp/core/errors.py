"""Collect user errors and report them in one message."""

from collections.abc import Iterable


class UserError(Exception):
    """An error that the user can fix. The message says what is wrong, where, and how to fix it.

    Scripts print the message without a traceback.
    """


class Faults:
    """Collect faults and raise them together as one `UserError`.

    Parameters
    ----------
    heading : str
        First line of the message.
    advice : str, optional
        Last line of the message: how to fix the faults.

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
    """Number of faults that a message lists."""

    def __init__(self, heading: str, advice: str = "") -> None:
        self.heading = heading
        self.advice = advice
        self.messages: list[str] = []

    def add(self, message: str) -> None:
        """Add one fault."""
        self.messages.append(message)

    def extend(self, messages: Iterable[str]) -> None:
        """Add several faults."""
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
        """Raise a `UserError` that lists the faults, if there are any."""
        if self.messages:
            raise UserError(str(self))
