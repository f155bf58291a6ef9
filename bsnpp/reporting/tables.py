"""The ablation table, and tables as Markdown."""

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
"""Subset on which weights and settings are tuned; its scores are optimistic."""


def _row(evaluation: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of the ablation table up to `auc`, in per cent; NaN if not evaluated."""
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
    """Tabulate the scores of all variants, and the gain of each step.

    Parameters
    ----------
    evaluations : sequence of mapping
        Results of `bsnpp.evaluation.summary.evaluation_summary`; the rows keep their order.
    resampled : mapping of (variant, subset) to np.ndarray
        Results of `bsnpp.evaluation.bootstrap.bootstrap_map`, float (R, n_thresholds), with the same seed and
        units for a subset.
    predecessors : mapping of str to str
        Variant that each variant is a step from. A variant has no step on a subset on which its predecessor
        was not evaluated.

    Returns
    -------
    pd.DataFrame
        Columns `ABLATION_COLUMNS`, without `further_map` if there are no further thresholds. Scores are in
        per cent; `step_gain` is the difference in `average_map` to the row of `step_from` in points, and
        `step_low` and `step_high` are its paired 95 % bootstrap interval.
    """
    rows = [_row(evaluation) for evaluation in evaluations]
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


def markdown_table(frame: pd.DataFrame) -> str:
    """Format a table as Markdown.

    Parameters
    ----------
    frame : pd.DataFrame
        Any table.

    Returns
    -------
    str
        Lines with a line break after each. Numbers are right-aligned, floats have two decimals, missing
        values are empty cells, and truth values are yes and no.
    """
    numeric = [
        pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name])
        for name in frame.columns
    ]
    cells = [[_cell(value) for value in frame[name]] for name in frame.columns]
    lines = [
        list(map(str, frame.columns)),
        ["--:" if number else ":--" for number in numeric],
        *zip(*cells, strict=True),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: Any) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if pd.isna(value):
        return ""
    if isinstance(value, (float, np.floating)):
        return f"{value:.2f}"
    return str(value).replace("|", "\\|")
