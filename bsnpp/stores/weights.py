"""Read weights of the members of a blend or panel, and name the columns of weights (CSV)."""

import csv
import io
from pathlib import Path

from bsnpp.core.checksums import checked_text
from bsnpp.core.errors import Faults, UserError


def weight_column(member: str) -> str:
    """Return the name of the column of weights of a member.

    The prefix separates members from the other columns of the table, whatever their names are.
    """
    return f"weight.{member}"


def read_weights(path: str | Path) -> dict[str, float]:
    """Read the columns `member` and `weight` of a table of weights.

    Returns
    -------
    dict of str to float
        Weight of each member, in [0, 1].

    Raises
    ------
    UserError
        If the file is missing or lacks a column or members, a member is listed twice, or a weight is invalid.
    """
    text = checked_text(path)
    try:
        rows = [
            (row["member"], float(row["weight"])) for row in csv.DictReader(io.StringIO(text, newline=""))
        ]
    except (KeyError, ValueError, TypeError, csv.Error) as error:
        raise UserError(
            f"{path}: not a table of weights with the columns member and weight ({error!r})"
        ) from error
    faults = Faults(f"{path}: weights outside [0, 1]")
    faults.extend(f"{member}: {weight}" for member, weight in rows if not 0 <= weight <= 1)
    faults.raise_if_any()
    if len(dict(rows)) != len(rows) or not rows:
        raise UserError(f"{path}: must list at least one member, and each member once")
    return dict(rows)
