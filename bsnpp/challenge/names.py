"""Check names: unknown ones, and reserved ones that the user cannot give."""

from collections.abc import Iterable, Mapping

GROUND_TRUTH = "ground_truth"
"""Panel of the annotated classes of the scored videos: an upper bound for classifiers."""

PANELS = {GROUND_TRUTH: "it is the panel of the annotated classes"}


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Return the message for an unknown name, with the known ones.

    Examples
    --------
    >>> unknown("panel", "x", ["outside", "all"])
    "unknown panel 'x'; known: outside, all"
    """
    return f"unknown {kind} {name!r}; known: {', '.join(known) or 'none'}"


def reserved(prefix: str, names: Iterable[str], reasons: Mapping[str, str]) -> list[str]:
    """List the names that are reserved.

    Parameters
    ----------
    prefix : str
        Where the names are given, e.g. ``"panels."``.
    names : iterable of str
        Names given by the user.
    reasons : mapping of str to str
        Reserved names and why.

    Returns
    -------
    list of str
        One message per reserved name.
    """
    return [
        f"{prefix}{name}: this name is reserved: {reasons[name]}; choose another"
        for name in names
        if name in reasons
    ]
