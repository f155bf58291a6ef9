"""Tables of an inspection: for the terminal, for the figure and for JSON."""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from bsnpp.inspection.inspect import Inspection


def stream_table(inspection: Inspection) -> pd.DataFrame:
    """Return one row per stream and subset.

    Returns
    -------
    DataFrame[stream, subset, videos, present, missing, unusable, short, long, single, snippets]
        Numbers of videos; `snippets` is the least, the median and the greatest number of snippets.
    """
    rows = []
    for place, report in inspection.streams.items():
        for subset, entries in report.entries.items():
            flags = Counter(entry.flag for entry in entries)
            lengths = [entry.snippets for entry in entries if entry.snippets]
            bounds = [int(np.min(lengths)), int(np.median(lengths)), int(np.max(lengths))] if lengths else []
            rows.append(
                {
                    "stream": place,
                    "subset": subset,
                    "videos": len(entries),
                    "present": len(entries) - flags["missing"],
                    **{flag: flags[flag] for flag in ("missing", "unusable", "short", "long")},
                    "single": flags["one snippet"],
                    "snippets": " / ".join(map(str, bounds)) or "-",
                }
            )
    columns = [
        "stream",
        "subset",
        "videos",
        "present",
        "missing",
        "unusable",
        "short",
        "long",
        "single",
        "snippets",
    ]
    return pd.DataFrame(rows, columns=columns)


def length_table(inspection: Inspection) -> pd.DataFrame:
    """Return the length of every video whose length is known: DataFrame[stream, seconds, snippets, flag]."""
    rows = {
        (place, entry.video): (entry.seconds, entry.snippets, entry.flag)
        for place, report in inspection.streams.items()
        for entries in report.entries.values()
        for entry in entries
        if entry.snippets
    }
    table = [(place, *values) for (place, _), values in rows.items()]
    return pd.DataFrame(table, columns=["stream", "seconds", "snippets", "flag"])


def scale_table(inspection: Inspection) -> pd.DataFrame:
    """Return one row per subset and scale: DataFrame[subset, scale, instances, short, lost, tiou]."""
    rows = [
        (one.subset, one.scale, one.instances, one.short, len(one.lost), one.tiou)
        for one in inspection.scales
    ]
    return pd.DataFrame(rows, columns=["subset", "scale", "instances", "short", "lost", "tiou"])


def subset_table(inspection: Inspection) -> pd.DataFrame:
    """Return one row per subset: DataFrame[subset, videos, hours, instances, classes]."""
    rows = [{"subset": name, **numbers} for name, numbers in inspection.subsets.items()]
    return pd.DataFrame(rows, columns=["subset", "videos", "hours", "instances", "classes"])


def as_json(inspection: Inspection) -> dict[str, Any]:
    """Return the whole inspection, with every example of every finding."""
    return {
        "challenge": inspection.challenge,
        "usable": not inspection.faults,
        "subsets": inspection.subsets,
        "streams": stream_table(inspection).to_dict("records"),
        "scales": [
            {"subset": one.subset, "scale": one.scale, "instances": one.instances, "short": one.short,
             "lost": one.lost, "tiou": one.tiou}
            for one in inspection.scales
        ],
        "classes": inspection.classes,
        "assumptions": inspection.assumptions,
        "findings": [finding.content() for finding in inspection.findings],
    }  # fmt: skip


def figure_tables(inspection: Inspection) -> dict[str, pd.DataFrame]:
    """Return the tables that `inspection_figure` draws."""
    return {
        "streams": stream_table(inspection),
        "lengths": length_table(inspection),
        "scales": scale_table(inspection),
        "classes": pd.DataFrame(inspection.classes),
    }
