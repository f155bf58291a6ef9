"""The windows of a subset as tables: which there are, and their instances (conventions 3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.windows.cutting import TOLERANCE, cut_segments, windows
from bsnpp.windows.settings import WindowSettings

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class WindowTables:
    """The windows of a subset, and the tables of videos and instances that they are.

    Attributes
    ----------
    windows : DataFrame[window, video, start, end]
        Seconds in the recording; `end` lies past the recording's end where the window is padded. Ids are
        `{video}@{number:04d}`; a recording's windows stand together, in order of time.
    videos : DataFrame[video, duration, extent, covered]
        `video` is the window's id; duration and extent are the window's length in seconds, covered are those
        that the recording fills: fewer where the window is padded.
    instances : DataFrame[video, start, end, label, start_visible, end_visible]
        Seconds inside the window, clipped to it; visible (0 or 1): that edge was not clipped away.
    """

    windows: "pd.DataFrame"
    videos: "pd.DataFrame"
    instances: "pd.DataFrame"

    def with_instances(self) -> "WindowTables":
        """Only the windows that hold an instance: those to train on."""
        held = set(self.instances["video"])
        return WindowTables(
            self.windows[self.windows["window"].isin(held)].reset_index(drop=True),
            self.videos[self.videos["video"].isin(held)].reset_index(drop=True),
            self.instances,
        )


def cut_recordings(
    videos: "pd.DataFrame", instances: "pd.DataFrame", settings: WindowSettings
) -> WindowTables:
    """Cut all recordings of a subset into windows.

    Parameters
    ----------
    videos : DataFrame[video, extent]
        Recordings; extents in seconds.
    instances : DataFrame[video, start, end, label]
        Seconds; what lies outside the recording is clipped away first.

    Returns
    -------
    WindowTables
        With the windows that hold no instance.
    """
    import pandas as pd

    by_video = dict(list(instances.groupby("video")))
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
        if video not in by_video:
            continue
        table = by_video[video].sort_values("start", kind="stable")
        segments = np.clip(table[["start", "end"]].to_numpy(float), 0.0, extent)
        labels = table["label"].tolist()
        pieces = zip(*cut_segments(segments, starts, settings), strict=True)
        for window, segment, (start, end), seen in pieces:
            kept.append((names[window], float(start), float(end), labels[segment], *map(int, seen)))
    columns = ["video", "start", "end", "label", "start_visible", "end_visible"]
    found = pd.DataFrame(rows, columns=["window", "video", "start", "end"])
    seconds = {"duration": settings.length, "extent": settings.length, "covered": covered}
    length = pd.DataFrame({"video": found["window"], **seconds})
    cut = pd.DataFrame(kept, columns=columns)
    types = {"start": float, "end": float, "start_visible": int, "end_visible": int}
    return WindowTables(found, length, cut.astype(types))


def guaranteed_share(instances: "pd.DataFrame", windows: "pd.DataFrame", margin: float = 0.0) -> float:
    """The share of the instances that some window holds whole; NaN without instances.

    Parameters
    ----------
    instances : DataFrame[video, start, end]
        Seconds in the recording.
    windows : DataFrame[video, start, end]
        All windows of the recordings, those without instances too.
    margin : float
        Seconds to keep free at every edge of a window that is not the recording's. With one cell: the share
        that a proposal can cover without touching such an edge, where the merge would drop it.
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


def by_recording(windows: "pd.DataFrame") -> Iterator[tuple[str, list[str], np.ndarray]]:
    """Each recording of a table of windows, in its order: id, ids of its windows, their starts (W,)."""
    for video, table in windows.groupby("video", sort=False):
        yield str(video), table["window"].tolist(), table["start"].to_numpy(float)
