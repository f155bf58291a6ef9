"""Table that compares several ways to make the same detections."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from bsnpp.evaluation.bootstrap import paired_interval
from bsnpp.evaluation.detection import DetectionScores
from bsnpp.reporting.tables import TUNED_ON

COLUMNS = ["way", "subset", "tuned_on", "map_50", "map_75", "map_95", "average_map", "gain", "low", "high"]


def map_columns(scores: DetectionScores) -> dict[str, float]:
    """Return mAP at tIoU 0.5, 0.75 and 0.95 (NaN if not evaluated) and average mAP, in per cent."""
    at = dict(zip(scores.thresholds.tolist(), scores.map.tolist(), strict=True))
    shares = {f"map_{100 * level:.0f}": at.get(level, np.nan) for level in (0.5, 0.75, 0.95)}
    return {name: 100.0 * share for name, share in {**shares, "average_map": scores.average_map}.items()}


def comparison_table(
    scores: Mapping[tuple[str, str], DetectionScores],
    resampled: Mapping[tuple[str, str], np.ndarray],
    reference: str,
) -> pd.DataFrame:
    """Tabulate the scores of every way on every subset, and the gain over a reference.

    Parameters
    ----------
    scores : mapping of (way, subset) to DetectionScores
        Scores; the rows of the table keep their order.
    resampled : mapping of (way, subset) to np.ndarray
        Results of `bsnpp.evaluation.bootstrap.bootstrap_map`, with the same seed and units for a subset.
    reference : str
        Way that the others are compared with.

    Returns
    -------
    pd.DataFrame
        Columns `COLUMNS`: scores in per cent; `gain`, the difference in average mAP to the reference in
        points, and `low` and `high`, its paired 95 % interval. They are NaN for the reference.
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
