"""Parse JSON text, report keys that occur more than once in an object, and check numbers."""

import json
import sys
from collections.abc import Sequence
from typing import Any

from bsnpp.core.errors import Faults, UserError


def parse_json(text: str | bytes) -> tuple[Any, list[str]]:
    """Parse JSON, and describe the keys that occur more than once in an object.

    Parameters
    ----------
    text : str or bytes
        The text.

    Returns
    -------
    content : object
        The content; the last value of a repeated key.
    repeated : list of str
        Each repeated key with its places among the keys of its object, counted from 1.

    Raises
    ------
    ValueError, RecursionError
        If the text is not valid JSON, or is nested too deeply.

    Examples
    --------
    >>> parse_json('{"a": 1, "b": 2, "a": 3}')
    ({'a': 3, 'b': 2}, ["key 'a' occurs more than once (keys 1 and 3 of 3)"])
    """
    repeated: list[str] = []

    def to_dict(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        content = dict(pairs)
        if len(content) < len(pairs):
            repeated.extend(repeated_keys([key for key, _ in pairs]))
        return content

    return json.loads(text, object_pairs_hook=to_dict), repeated


def refuse_repeated(path: object, repeated: list[str]) -> None:
    """Raise a `UserError` that lists the repeated keys of a file, if there are any."""
    faults = Faults(f"{path}: keys that occur more than once", "Remove the duplicates.")
    faults.extend(repeated)
    faults.raise_if_any()


def load_json(path: object, text: str, content: str) -> Any:
    """Parse the JSON text of a file, and refuse repeated keys.

    Parameters
    ----------
    path : object
        The file, for messages.
    text : str
        Its text.
    content : str
        What the file should contain, for messages.

    Raises
    ------
    UserError
        If the text is not valid JSON, or a key occurs more than once in an object.
    """
    try:
        parsed, repeated = parse_json(text)
    except RecursionError as error:
        raise UserError(f"{path}: brackets are nested too deeply; it should contain {content}") from error
    except ValueError as error:
        cut = text.lstrip()[:1] in ("{", "[") and text.rstrip()[-1:] not in ("}", "]")
        advice = "; is the file complete?" if cut else f"; it should contain {content}"
        raise UserError(f"{path}: not valid JSON ({error}){advice}") from error
    refuse_repeated(path, repeated)
    return parsed


def repeated_keys(keys: Sequence[str]) -> list[str]:
    """Describe each key of an object that occurs more than once, with its places, counted from 1."""
    places: dict[str, list[int]] = {}
    for place, key in enumerate(keys, start=1):
        places.setdefault(key, []).append(place)
    return [
        f"key {key!r:.80} occurs more than once (keys {' and '.join(map(str, numbers))} of {len(keys)})"
        for key, numbers in places.items()
        if len(numbers) > 1
    ]


def is_number(value: Any) -> bool:
    """Return whether a parsed value is a finite number that fits a float; true and false are not numbers.

    Examples
    --------
    >>> [is_number(value) for value in (1, 2.5, True, "1", float("nan"), 10**400)]
    [True, True, False, False, False, False]
    """
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
