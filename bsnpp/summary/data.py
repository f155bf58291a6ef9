"""Describe what a run read: videos, instances, and flagged features."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd


def data_table(videos: Mapping[str, pd.DataFrame], instances: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Describe every subset.

    Parameters
    ----------
    videos : mapping of str to pd.DataFrame
        Columns video, duration [s] by subset.
    instances : mapping of str to pd.DataFrame
        Columns video, start, end [s], label by subset; a subset without known ground truth is absent.

    Returns
    -------
    pd.DataFrame
        A row per subset: videos, hours, median and longest duration [s], instances, classes, median instance
        [s], and the share of instances that cover at least half of their video [%].
    """
    rows = [_describe(subset, table, instances.get(subset)) for subset, table in videos.items()]
    return pd.DataFrame(rows).astype({"instances": "Int64", "classes": "Int64"})


def _describe(subset: str, videos: pd.DataFrame, instances: pd.DataFrame | None) -> dict[str, Any]:
    durations = videos.set_index("video")["duration"].astype(float)
    row: dict[str, Any] = {
        "subset": subset,
        "videos": len(videos),
        "hours": durations.sum() / 3600,
        "median video [s]": durations.median(),
        "longest video [s]": durations.max(),
    }
    if instances is None or instances.empty:
        return row | dict.fromkeys(["instances", "classes", "median instance [s]", "long ones [%]"], np.nan)
    lengths = instances["end"] - instances["start"]
    coverage = lengths / instances["video"].map(durations)
    return row | {
        "instances": len(instances),
        "classes": instances["label"].nunique(),
        "median instance [s]": lengths.median(),
        "long ones [%]": 100 * (coverage >= 0.5).mean(),
    }


def flag_table(manifests: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Count the rows of feature manifests by flag.

    Parameters
    ----------
    manifests : mapping of str to pd.DataFrame
        Column flag, empty for features as expected; by `encoder, subset`.

    Returns
    -------
    pd.DataFrame
        Columns features, rows, flagged, flags: the flags with their counts as text.
    """
    rows = []
    for name, manifest in manifests.items():
        flags = manifest["flag"].dropna()
        counts = flags[flags != ""].value_counts().sort_index()
        text = ", ".join(f"{flag}: {count:,}" for flag, count in counts.items())
        rows.append((name, len(manifest), int(counts.sum()), text))
    return pd.DataFrame(rows, columns=["features", "rows", "flagged", "flags"])
