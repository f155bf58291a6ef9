"""Tables of the windows of recordings: TSV files with the columns window, video, start and end."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bsnpp.core.checksum_forms import TEXT
from bsnpp.core.checksums import checked_bytes
from bsnpp.core.errors import UserError

if TYPE_CHECKING:
    import pandas as pd


class RecordingWindows(NamedTuple):
    """The windows of one recording, in order of time.

    Attributes
    ----------
    video : str
        Id of the recording.
    names : list of str
        Ids of its W windows.
    starts : np.ndarray
        Starts of the windows [s], float64 (W,).
    """

    video: str
    names: list[str]
    starts: np.ndarray


def read_windows(path: str | Path) -> "pd.DataFrame":
    """Read a table of windows.

    Returns
    -------
    pd.DataFrame
        Columns window and video (text), start and end (float64) [s].

    Raises
    ------
    UserError
        If the file is missing, damaged, or not a table of windows.
    """
    import pandas as pd

    data = checked_bytes(path, TEXT)
    try:
        table = pd.read_csv(io.BytesIO(data), sep="\t", dtype=str, keep_default_na=False)
        return table[["window", "video", "start", "end"]].astype({"start": float, "end": float})
    except (ValueError, KeyError) as error:
        raise UserError(f"{path}: not a table of windows ({error}); remove it and run again") from error


def by_recording(windows: "pd.DataFrame") -> Iterator[RecordingWindows]:
    """Group a table of windows by recording, in the order of the table."""
    for video, table in windows.groupby("video", sort=False):
        yield RecordingWindows(str(video), table["window"].tolist(), table["start"].to_numpy(float))
