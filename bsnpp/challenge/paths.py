"""Check the paths that a user gives, before they reach a command line."""

import os
import re

VARIABLE = re.compile(r"\$[A-Za-z_]")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LONGEST_NAME = 255
"""Longest name of a file or folder on common file systems [bytes]."""


def path_fault(path: str) -> str | None:
    """Return why a text cannot be used as a path; None if it can.

    Spaces, quotes and other characters with a meaning in shells are allowed: commands quote every path.

    Examples
    --------
    >>> path_fault("it's (mine)/a & b")
    >>> path_fault("~/data")
    "'~/data' starts with ~, which is not expanded; write the full path"
    """
    if not path.strip():
        return "empty path"
    if CONTROL.search(path):
        return f"{path!r} contains a line break or another control character"
    if "{" in path or "}" in path:
        return f"{path!r} contains braces; the only placeholders are {{challenge}} and {{results}}"
    if path.startswith("-"):
        return f"{path!r} starts with -, like an option of a command; use another name or the full path"
    if path.startswith("~"):
        return f"{path!r} starts with ~, which is not expanded; write the full path"
    if any(len(os.fsencode(name)) > LONGEST_NAME for name in path.split("/")):
        return f"{path[:20]!r}... has a name of more than {LONGEST_NAME} bytes, too long for file systems"
    if VARIABLE.search(path):
        return f"{path!r} contains an environment variable, which is not expanded; write the full path"
    return None
