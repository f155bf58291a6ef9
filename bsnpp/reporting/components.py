"""The table of components: mean and spread over seeds, and the difference to the whole generator."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

SCORES = ["ar_10", "ar_100", "auc", "average_map", "further_map"]


def component_scores(evaluation: Mapping[str, Any]) -> dict[str, float]:
    """The scores of one training on one subset, in per cent; NaN for what was not evaluated."""
    recall = evaluation["ar"]
    shares = {name: evaluation[name] for name in SCORES[1:]} | {
        "ar_10": recall[9] if len(recall) >= 10 else None
    }
    return {name: np.nan if shares[name] is None else 100.0 * shares[name] for name in SCORES}


def component_table(
    evaluations: Sequence[Mapping[str, Any]], lines: Mapping[str, tuple[str, int]], whole: str
) -> pd.DataFrame:
    """Put the components of a generator beside each other.

    Parameters
    ----------
    evaluations : sequence of mapping
        As `bsnpp.evaluation.summary.evaluation_summary` makes them, in shares; of every line and subset.
    lines : mapping of str to tuple of str and int
        Row and seed of each variant.
    whole : str
        The row that the others are compared with, seed by seed.

    Returns
    -------
    pd.DataFrame
        A row for each component and subset: `component`, `subset`, `seeds` (their number), then for each
        score its mean and `_std` (over the seeds, n - 1; NaN for one seed) in per cent, and the mean and
        the spread, `_gain` and `_gain_std`, of its difference to the row `whole` with the same seed, in
        points. Scores that were not evaluated are left out.
    """
    rows = []
    for one in evaluations:
        component, seed = lines[one["variant"]]
        rows.append({"component": component, "subset": one["subset"], "seed": seed} | component_scores(one))
    frame = pd.DataFrame(rows).dropna(axis="columns", how="all")
    scores = [name for name in SCORES if name in frame]
    reference = frame[frame["component"] == whole].set_index(["subset", "seed"])[scores]
    paired = reference.loc[list(zip(frame["subset"], frame["seed"], strict=True))]
    gains = frame[scores] - paired.to_numpy()
    by = [frame["component"], frame["subset"]]
    table = frame.groupby(by, sort=False).size().rename("seeds").to_frame()
    for name in scores:
        for kind, values in (("", frame[name]), ("_gain", gains[name])):
            groups = values.groupby(by, sort=False)
            table[f"{name}{kind}"] = groups.mean()
            table[f"{name}{kind}_std"] = groups.std()
    return table.reset_index()
