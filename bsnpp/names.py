"""Names that cannot be given: those that stand twice, and those that are taken where they would end up."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from pydantic import AfterValidator

GROUND_TRUTH = "ground_truth"
"""The panel that knows the classes of scored videos: what better classifiers could gain at most."""

EMPTY = ("NA", "NULL", "NaN", "None", "nan", "null")
"""Words that are read as an empty cell of a table."""

PANELS = {
    GROUND_TRUTH: "it stands for the annotated classes",
    "scores": "the folder classification/scores holds the scores of the classifiers",
    "snippets": "the folder classification/snippets holds the scores of the snippet classifiers",
    "recogniser": "logs/classification/recogniser.log is the log of choosing the recogniser's settings",
}
VARIANTS = {
    "write_ablation": "logs/evaluation/write_ablation.log is the log of the table of variants",
    "write_components": "logs/evaluation/write_components.log is the log of the table of components",
}
CLASSIFIERS = {
    "score": "the table of all weightings has a column `score` beside those of the classifiers",
    "plateau": "the table of all weightings has a column `plateau` beside those of the classifiers",
}

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


def taken(where: str, names: Iterable[str], reasons: Mapping[str, str]) -> list[str]:
    """Faults of names that cannot be given, each with the reason and what to do.

    Parameters
    ----------
    where : str
        The key or the sheet that gives them, with what stands between it and a name.
    names : iterable of str
    reasons : mapping of str to str
        Why a name is taken; beside these, no table can hold the words of `EMPTY`.
    """
    known = {**dict.fromkeys(EMPTY, "tables take the word for an empty cell"), **reasons}
    return [
        f"{where}{name}: this name cannot be given, since {known[name]}; choose another"
        for name in names
        if name in known
    ]


def _each_once(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Refuse a list that names something twice."""
    twice = ", ".join(map(str, repeated(items)))
    if twice:
        raise ValueError(f"{twice} stands there more than once; name each once")
    return items


EachOnce = AfterValidator(_each_once)
"""Annotates a list whose entries must differ."""
