"""Compare two runs: the differences of their manifests and of their scores."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

ABSENT = None
"""Value of a key that one of two manifests lacks."""

KEYS = ["variant", "subset"]


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
    scores = ["map_50", "map_75", "map_95", "average_map", "further_map", "ar_100", "auc"]
    shared = [name for name in scores if name in first and name in second]
    both = first[KEYS + shared].merge(second[KEYS + shared], on=KEYS, suffixes=("_first", "_second"))
    for name in shared:
        both[f"{name}_difference"] = both[f"{name}_second"] - both[f"{name}_first"]
    ordered = [f"{name}_{part}" for name in shared for part in ("first", "second", "difference")]
    return both[KEYS + ordered]


def unshared_rows(first: pd.DataFrame, second: pd.DataFrame) -> list[str]:
    """List the rows `variant, subset` of the first ablation table that the second lacks."""
    known = set(second[KEYS].itertuples(index=False, name=None))
    return [", ".join(row) for row in first[KEYS].itertuples(index=False, name=None) if row not in known]
