"""Several ways to make the same detections, beside each other."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from bsnpp.evaluation.bootstrap import paired_interval
from bsnpp.evaluation.detection import DetectionScores
from bsnpp.reporting.tables import TUNED_ON

COLUMNS = ["way", "subset", "tuned_on", "map_50", "map_75", "map_95", "average_map", "gain", "low", "high"]


def map_columns(scores: DetectionScores) -> dict[str, float]:
    """mAP at 0.5, 0.75 and 0.95 (NaN where it was not evaluated) and the average mAP, in per cent."""
    at = dict(zip(scores.thresholds.tolist(), scores.map.tolist(), strict=True))
    shares = {f"map_{100 * level:.0f}": at.get(level, np.nan) for level in (0.5, 0.75, 0.95)}
    return {name: 100.0 * share for name, share in {**shares, "average_map": scores.average_map}.items()}


def comparison_table(
    scores: Mapping[tuple[str, str], DetectionScores],
    resampled: Mapping[tuple[str, str], np.ndarray],
    reference: str,
) -> pd.DataFrame:
    """Scores of every way on every subset, with the gain over one of the ways.

    Parameters
    ----------
    scores : mapping of (way, subset) to DetectionScores
        The rows keep their order.
    resampled : mapping of (way, subset) to np.ndarray
        Results of `bsnpp.evaluation.bootstrap.bootstrap_map` with the same seed and units within a subset.
    reference : str
        The way that the others are compared with.

    Returns
    -------
    pd.DataFrame
        Columns way, subset, tuned_on, map_50, map_75, map_95, average_map in per cent, and gain, low, high:
        the difference of average mAP to the reference in points, with its paired 95 % interval; NaN in the
        rows of the reference itself.
    """
    rows = []
    for (way, subset), one in scores.items():
        row = {"way": way, "subset": subset, "tuned_on": subset == TUNED_ON, **map_columns(one)}
        if way != reference:
            interval = paired_interval(resampled[way, subset], resampled[reference, subset])
            row["gain"] = 100.0 * (one.average_map - scores[reference, subset].average_map)
            row["low"], row["high"] = 100.0 * interval.low, 100.0 * interval.high
        rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)
