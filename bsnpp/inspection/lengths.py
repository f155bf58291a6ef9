"""Compare the lengths of the streams of an encoder with each other, and with the recordings."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.challenge.plan import Plan
from bsnpp.core.errors import UserError
from bsnpp.features.importers import join_streams
from bsnpp.features.streams import one_snippet_per_stride
from bsnpp.inspection.findings import Finding, if_any
from bsnpp.inspection.streams import StreamInspection
from bsnpp.windows.recordings import fits

if TYPE_CHECKING:
    import pandas as pd


def compare_lengths(
    plan: Plan,
    place: str,
    inspected: list[StreamInspection],
    tables: "dict[str, pd.DataFrame]",
) -> list[Finding]:
    """Report streams of different lengths, and with windows, features that do not fit their recordings."""
    lengths = [
        {video: len(one_snippet_per_stride(np.zeros((snippets, 1), np.float32), report.reader.source.clip))
         for video, snippets in report.lengths.items()}
        for report in inspected
    ]  # fmt: skip
    apart = []
    for one, other in pairwise(lengths):
        for video in sorted(one.keys() & other.keys()):
            try:
                join_streams([np.zeros((one[video], 1)), np.zeros((other[video], 1))])
            except UserError as error:
                apart.append(f"{video}: {error}")
    findings = if_any(
        "fault", place, "videos whose streams do not belong together: {n}",
        "extract both streams from the same videos with the same stride", apart,
    )  # fmt: skip
    windows = plan.challenge.windows
    if windows is None or not lengths:
        return findings
    extents = {
        video: extent
        for table in tables.values()
        for video, extent in zip(table["video"], table["extent"], strict=True)
    }
    return findings + if_any(
        "fault", place, "recordings whose features do not fit their lengths: {n}",
        "correct `windows.snippet_seconds`, the column `clip`, or the features; if frame rates differ, set "
        "`windows.mixed_rates`",
        (f"{video}: {snippets} snippets of {windows.snippet_seconds:g} s, {extents[video]:g} s"
         for video, snippets in sorted(lengths[0].items())
         if video in extents and not fits(snippets, extents[video], windows.snippets)),
    )  # fmt: skip
