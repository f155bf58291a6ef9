"""Tables of weights: of the members of a blend or a panel, and of the weightings that a search tried."""

import csv
from pathlib import Path

from bsnpp.core.errors import Faults, UserError


def weight_column(member: str) -> str:
    """Return the name of a member's column in a table of weightings.

    The prefix keeps the names of members apart from the other columns, whatever members are called.
    """
    return f"weight.{member}"


def read_weights(path: str | Path) -> dict[str, float]:
    """Read the columns `member` and `weight` of a table of members.

    Returns
    -------
    dict of str to float
        Weight of each member, in [0, 1].

    Raises
    ------
    UserError
        If the file is missing, lacks a column, names no member or one twice, or a weight is not in [0, 1].
    """
    try:
        with Path(path).open(newline="", encoding="utf-8") as file:
            rows = [(row["member"], float(row["weight"])) for row in csv.DictReader(file)]
    except (OSError, KeyError, ValueError, TypeError, csv.Error) as error:
        raise UserError(
            f"{path}: not a table of weights with the columns member and weight ({error!r})"
        ) from error
    faults = Faults(f"{path}: weights outside [0, 1]")
    faults.extend(f"{member}: {weight}" for member, weight in rows if not 0 <= weight <= 1)
    faults.raise_if_any()
    if len(dict(rows)) != len(rows) or not rows:
        raise UserError(f"{path}: must list at least one member, and each member once")
    return dict(rows)
