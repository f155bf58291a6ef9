"""Names that cannot be given: those that stand twice, and those that are taken where they would end up."""

from collections.abc import Iterable, Mapping

GROUND_TRUTH = "ground_truth"
"""The panel that knows the classes of scored videos: what better classifiers could gain at most."""

EMPTY = ("NA", "NULL", "NaN", "None", "nan", "null")
"""Words that are read as an empty cell of a table."""

PANELS = {GROUND_TRUTH: "it is the panel of the annotated classes"}
CLASSIFIERS = {
    "score": "the table of all weightings has a column `score` beside those of the classifiers",
    "plateau": "the table of all weightings has a column `plateau` beside those of the classifiers",
}


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
