"""Compare two runs: the differences of their manifests and of their scores."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from bsnpp.core.errors import Faults
from bsnpp.stores.csv_tables import read_csv

ABSENT = None
"""Value of a key that one of two manifests lacks."""

KEYS = ["variant", "subset"]
SCORES = ["map_50", "map_75", "map_95", "average_map", "further_map", "ar_100", "auc"]
"""Columns of an ablation table that are compared, if both have them."""


class Difference(NamedTuple):
    """A key whose values differ in two manifests."""

    key: str
    first: Any
    second: Any


def manifest_differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Difference]:
    """List the keys of two manifests whose values differ.

    Parameters
    ----------
    first, second : mapping
        Manifests.

    Returns
    -------
    list of Difference
        In the order of the first manifest, then keys of the second alone. Nested keys are joined by dots;
        positions in lists count from 0.
    """
    one, other = dict(_leaves(first)), dict(_leaves(second))
    return [
        Difference(".".join(key), one.get(key, ABSENT), other.get(key, ABSENT))
        for key in {**one, **other}
        if key not in one or key not in other or one[key] != other[key]
    ]


def _leaves(value: Any, key: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every value that is no dictionary or list, or is an empty one, with its keys."""
    items: Any = ()
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    if not items or (isinstance(value, list) and not value):
        yield key, value
        return
    for name, item in items:
        yield from _leaves(item, (*key, str(name)))


def read_scores(path: str | Path) -> pd.DataFrame:
    """Read the ablation table of a run.

    Raises
    ------
    UserError
        If the file is missing, lacks the columns of variants and subsets, repeats a row, or a score is no
        number.
    """
    table = read_csv(path, [*KEYS, "step_from"])
    faults = Faults(f"{path}: not the ablation table of a run", "Name the results folder of a finished run.")
    faults.extend(f"no column {name}" for name in KEYS if name not in table)
    for name in table.columns.intersection(SCORES):
        numbers = pd.to_numeric(table[name], errors="coerce")
        wrong = (numbers.isna() & table[name].notna()).to_numpy().nonzero()[0]
        faults.extend(f"{name}, row {row + 1}: {table[name].iloc[row]!r} is not a number" for row in wrong)
    if set(KEYS) <= set(table):
        again = table[table.duplicated(KEYS)]
        faults.extend(f"{one}, {subset}: listed twice" for one, subset in again[KEYS].to_numpy().tolist())
    faults.raise_if_any()
    return table


def score_differences(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Compare the scores of the rows that two ablation tables share.

    Parameters
    ----------
    first, second : pd.DataFrame
        Results of `bsnpp.reporting.tables.ablation_table`.

    Returns
    -------
    pd.DataFrame
        Columns variant, subset, and for each score that both tables have: `{score}_first`,
        `{score}_second` [%] and `{score}_difference`, second minus first [points]. Rows in the order of the
        first table.
    """
    shared = [name for name in SCORES if name in first and name in second]
    both = first[KEYS + shared].merge(second[KEYS + shared], on=KEYS, suffixes=("_first", "_second"))
    for name in shared:
        both[f"{name}_difference"] = both[f"{name}_second"] - both[f"{name}_first"]
    ordered = [f"{name}_{part}" for name in shared for part in ("first", "second", "difference")]
    return both[KEYS + ordered]


def unshared_rows(first: pd.DataFrame, second: pd.DataFrame) -> list[str]:
    """List the rows `variant, subset` of the first ablation table that the second lacks."""
    known = set(second[KEYS].itertuples(index=False, name=None))
    return [", ".join(row) for row in first[KEYS].itertuples(index=False, name=None) if row not in known]
