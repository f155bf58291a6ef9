"""Tables of results: the ablation, and any table as Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from bsnpp.evaluation.bootstrap import paired_interval

ABLATION_COLUMNS = [
    "variant",
    "subset",
    "tuned_on",
    "map_50",
    "map_75",
    "map_95",
    "average_map",
    "further_map",
    "ar_100",
    "auc",
    "step_from",
    "step_gain",
    "step_low",
    "step_high",
]

TUNED_ON = "validation"
"""The subset on which weights, grids and thresholds are chosen: its scores are optimistic."""


def ablation_row(evaluation: Mapping[str, Any]) -> dict[str, Any]:
    """One variant's scores on one subset, in per cent.

    Parameters
    ----------
    evaluation : mapping
        As `bsnpp.evaluation.summary.evaluation_summary` makes it, in shares.

    Returns
    -------
    dict
        The columns of the ablation table up to `auc`; NaN for what was not evaluated.
    """
    at = dict(zip(evaluation["tiou_thresholds"], evaluation["map"], strict=True))
    row = {name: evaluation[name] for name in ("variant", "subset")} | {
        "tuned_on": evaluation["subset"] == TUNED_ON
    }
    shares = {
        "map_50": at.get(0.5),
        "map_75": at.get(0.75),
        "map_95": at.get(0.95),
        "average_map": evaluation["average_map"],
        "further_map": evaluation["further_map"],
        "ar_100": evaluation["ar_100"],
        "auc": evaluation["auc"],
    }
    return row | {name: np.nan if share is None else 100.0 * share for name, share in shares.items()}


def ablation_table(
    evaluations: Sequence[Mapping[str, Any]],
    resampled: Mapping[tuple[str, str], np.ndarray],
    predecessors: Mapping[str, str],
) -> pd.DataFrame:
    """Put all variants beside each other, with what each step gained.

    Parameters
    ----------
    evaluations : sequence of mapping
        As `bsnpp.evaluation.summary.evaluation_summary` makes them; the rows keep their order.
    resampled : mapping of (variant, subset) to np.ndarray
        Results of `bsnpp.evaluation.bootstrap.bootstrap_map`, (R, n_thresholds), all with the same seed and
        units within a subset.
    predecessors : mapping of str to str
        The variant to which each variant's step is measured. A variant without one, or whose predecessor was
        not evaluated on that subset, has no step.

    Returns
    -------
    pd.DataFrame
        Columns `ABLATION_COLUMNS`, without `further_map` where there are no further thresholds. Scores are
        in per cent; `step_gain` is the difference of `average_map` to the row of `step_from`, in points, and
        `step_low` to `step_high` its paired 95 % bootstrap interval.
    """
    rows = [ablation_row(evaluation) for evaluation in evaluations]
    average = {(row["variant"], row["subset"]): row["average_map"] for row in rows}
    for row in rows:
        before = predecessors.get(row["variant"])
        key, key_before = (row["variant"], row["subset"]), (before, row["subset"])
        if before is not None and key_before in average:
            interval = paired_interval(resampled[key], resampled[before, row["subset"]])
            row["step_from"] = before
            row["step_gain"] = average[key] - average[key_before]
            row["step_low"], row["step_high"] = 100.0 * interval.low, 100.0 * interval.high
    table = pd.DataFrame(rows, columns=ABLATION_COLUMNS)
    return table.drop(columns="further_map") if table["further_map"].isna().all() else table


def markdown_table(frame: pd.DataFrame, columns: Mapping[str, str] | None = None, decimals: int = 2) -> str:
    """Write a table as Markdown.

    Parameters
    ----------
    frame : pd.DataFrame
    columns : mapping of str to str, optional
        The columns shown, in order, and their headings. All of them under their own names by default.
    decimals : int
        Of every number that is not whole by type.

    Returns
    -------
    str
        Lines with a line break after each. Numbers stand to the right; a missing value is an empty cell; true
        and false read yes and no.
    """
    headings = dict(columns) if columns is not None else {name: str(name) for name in frame.columns}
    numeric = [
        pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name])
        for name in headings
    ]
    cells = [[_cell(value, decimals) for value in frame[name]] for name in headings]
    lines = [
        list(headings.values()),
        ["--:" if number else ":--" for number in numeric],
        *zip(*cells, strict=True),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: Any, decimals: int) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if pd.isna(value):
        return ""
    if isinstance(value, (float, np.floating)):
        return f"{value:.{decimals}f}"
    return str(value).replace("|", "\\|")
