"""Fill in placeholders such as `{results}` in a configuration and its sample sheets."""

from collections.abc import Mapping
from typing import Any


def fill_in(value: Any, placeholders: Mapping[str, str]) -> Any:
    """Replace placeholders in every text of nested dicts and lists.

    Parameters
    ----------
    value : object
        A text, or dicts and lists of texts; anything else is returned as it is.
    placeholders : mapping of str to str
        Texts by name, without braces.

    Examples
    --------
    >>> fill_in({"path": "{results}/x", "scales": [30]}, {"results": "out"})
    {'path': 'out/x', 'scales': [30]}
    """
    if isinstance(value, dict):
        return {key: fill_in(item, placeholders) for key, item in value.items()}
    if isinstance(value, list):
        return [fill_in(item, placeholders) for item in value]
    if isinstance(value, str):
        for name, text in placeholders.items():
            value = value.replace("{" + name + "}", text)
    return value
