"""Cut the recordings of a subset into windows: tables of windows, videos and instances (conventions 3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.core.errors import Faults
from bsnpp.core.segments import Seconds, seconds_of
from bsnpp.windows.cells import TOLERANCE
from bsnpp.windows.cutting import CuttingSettings, cut_segments, windows

if TYPE_CHECKING:
    import pandas as pd

MOST_WINDOWS = 100_000
"""Most windows of a recording; more of them are a wrong duration."""


@dataclass(frozen=True)
class WindowTables:
    """The windows of a subset, and the same windows as a table of videos with their instances.

    Attributes
    ----------
    windows : DataFrame[window, video, start, end]
        Each window in its recording [s]. The id of a window is `{video}@{number:04d}`. The windows of a
        recording are consecutive rows, in order of time. `end` exceeds the length of the recording where the
        window is padded.
    videos : DataFrame[video, duration, extent, covered]
        `video` is the id of a window, `duration` and `extent` are the length of a window [s], and `covered`
        is the part of it that the recording fills [s]; it is shorter where the window is padded.
    instances : DataFrame[video, start, end, label, start_visible, end_visible]
        `video` is the id of a window. Times are relative to the start of the window and clipped to it [s].
        An edge is visible (1) if it was not clipped, else not (0).
    inside, outside : DataFrame[video, start, end, label]
        Instances of the recordings [s]: those that lie in their recording, at least in part, and those that
        do not, which no window holds.
    """

    windows: "pd.DataFrame"
    videos: "pd.DataFrame"
    instances: "pd.DataFrame"
    inside: "pd.DataFrame"
    outside: "pd.DataFrame"

    def with_instances(self) -> "WindowTables":
        """Select the windows that hold an instance: training uses no others."""
        held = set(self.instances["video"])
        return replace(
            self,
            windows=self.windows[self.windows["window"].isin(held)].reset_index(drop=True),
            videos=self.videos[self.videos["video"].isin(held)].reset_index(drop=True),
        )


def cut_recordings(
    videos: "pd.DataFrame", instances: "pd.DataFrame", settings: CuttingSettings
) -> WindowTables:
    """Cut all recordings of a subset into windows.

    Parameters
    ----------
    videos : DataFrame[video, extent]
        The recordings and their lengths [s].
    instances : DataFrame[video, start, end, label]
        Times in the recording [s]; instances that reach beyond the recording are clipped to it.
    settings : CuttingSettings

    Returns
    -------
    WindowTables
        All windows, also those without an instance.

    Raises
    ------
    UserError
        If a recording has more than 100,000 windows, which can only be a wrong duration.
    """
    import pandas as pd

    _check_lengths(videos, settings)
    extents = instances["video"].map(dict(zip(videos["video"], videos["extent"], strict=True)))
    outside = (instances["start"] >= extents) | (instances["end"] <= 0.0)
    by_video = dict(list(instances[~outside].groupby("video")))
    rows: list[tuple[str, str, float, float]] = []
    covered: list[float] = []
    kept: list[tuple[str, float, float, str, int, int]] = []
    for video, extent in zip(videos["video"], videos["extent"], strict=True):
        starts = windows(extent, settings)
        names = [f"{video}@{number:04d}" for number in range(len(starts))]
        rows += [
            (name, video, start, start + settings.length)
            for name, start in zip(names, starts.tolist(), strict=True)
        ]
        covered += [extent if extent < settings.length - TOLERANCE else settings.length] * len(starts)
        if video in by_video:
            kept += _instances_of_windows(by_video[video], extent, names, starts, settings)
    table = pd.DataFrame(rows, columns=["window", "video", "start", "end"])
    seconds = {"duration": settings.length, "extent": settings.length, "covered": covered}
    columns = ["video", "start", "end", "label", "start_visible", "end_visible"]
    types = {"start": float, "end": float, "start_visible": int, "end_visible": int}
    return WindowTables(
        table,
        pd.DataFrame({"video": table["window"], **seconds}),
        pd.DataFrame(kept, columns=columns).astype(types),
        inside=instances[~outside],
        outside=instances[outside],
    )


def _check_lengths(videos: "pd.DataFrame", settings: CuttingSettings) -> None:
    """Raise a `UserError` if a recording is so long that its duration must be wrong."""
    faults = Faults(
        f"recordings with more than {MOST_WINDOWS:,} windows",
        "Durations are in seconds; correct them in the annotations.",
    )
    for video, extent in zip(videos["video"], videos["extent"], strict=True):
        if extent > MOST_WINDOWS * settings.step + settings.length:
            faults.add(f"{video}: {extent:g} s, with a window every {settings.step:g} s")
    faults.raise_if_any()


def _instances_of_windows(
    instances: "pd.DataFrame",
    extent: float,
    names: Sequence[str],
    starts: np.ndarray,
    settings: CuttingSettings,
) -> list[tuple[str, float, float, str, int, int]]:
    """Return the rows of `WindowTables.instances` for one recording."""
    table = instances.sort_values("start", kind="stable")
    segments = Seconds(np.clip(seconds_of(table), 0.0, extent))
    labels = table["label"].tolist()
    return [
        (names[window], float(start), float(end), labels[segment], *map(int, visible))
        for window, segment, (start, end), visible in zip(
            *cut_segments(segments, starts, settings), strict=True
        )
    ]


def guaranteed_share(instances: "pd.DataFrame", windows: "pd.DataFrame", margin: float = 0.0) -> float:
    """Return the share of the instances that lie whole in some window; NaN without instances.

    Parameters
    ----------
    instances : DataFrame[video, start, end]
        Times in the recording [s].
    windows : DataFrame[video, start, end]
        All windows of the recordings, also those without an instance [s].
    margin : float
        Distance to keep from every edge of a window that is not an edge of the recording [s]. With a margin
        of one cell, this is the share that a proposal can cover without touching such an edge, where merging
        would drop the proposal.
    """
    if not len(instances):
        return float("nan")
    held = 0
    by_video = dict(list(windows.groupby("video")))
    for video, table in instances.groupby("video"):
        edges = by_video[video][["start", "end"]].to_numpy(float)  # (W, 2)
        recording = edges[:, 0].min(), edges[:, 1].max()
        low = np.where(edges[:, 0] > recording[0], edges[:, 0] + margin, recording[0])
        high = np.where(edges[:, 1] < recording[1], edges[:, 1] - margin, recording[1])
        segments = np.clip(table[["start", "end"]].to_numpy(float), *recording)  # (M, 2)
        late_enough = low[:, None] <= segments[:, 0] + TOLERANCE
        early_enough = segments[:, 1] <= high[:, None] + TOLERANCE
        held += int((late_enough & early_enough).any(axis=0).sum())
    return held / len(instances)
