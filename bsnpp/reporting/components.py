"""Table of the components of a generator: scores without each, over seeds."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

SCORES = ["ar_10", "ar_100", "auc", "average_map", "further_map"]


def _scores(evaluation: Mapping[str, Any]) -> dict[str, float]:
    """Return the scores of one training on one subset, in per cent; NaN if not evaluated."""
    recall = evaluation["ar"]
    shares = {name: evaluation[name] for name in SCORES[1:]} | {
        "ar_10": recall[9] if len(recall) >= 10 else None
    }
    return {name: np.nan if shares[name] is None else 100.0 * shares[name] for name in SCORES}


def component_table(
    evaluations: Sequence[Mapping[str, Any]], lines: Mapping[str, tuple[str, int]], whole: str
) -> pd.DataFrame:
    """Tabulate mean and standard deviation over seeds for every row of the component ablation.

    Parameters
    ----------
    evaluations : sequence of mapping
        Results of `bsnpp.evaluation.summary.evaluation_summary` for every variant and subset.
    lines : mapping of str to tuple of str and int
        Row of the table and seed of each variant.
    whole : str
        Row with all components, which the others are compared with, seed by seed.

    Returns
    -------
    pd.DataFrame
        A row per component and subset: `component`, `subset`, `seeds` (number of seeds), then for each
        score the mean and the standard deviation `_std` in per cent, and the mean `_gain` and the standard
        deviation `_gain_std` of the difference to `whole` with the same seed in points. Standard deviations
        are over the seeds with n - 1; NaN for one seed. Scores that were not evaluated are omitted.
    """
    rows = []
    for one in evaluations:
        component, seed = lines[one["variant"]]
        rows.append({"component": component, "subset": one["subset"], "seed": seed} | _scores(one))
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
