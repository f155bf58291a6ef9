"""Encoded videos: snippet features of one stream in one HDF5 file, as feature import reads them.

Layout: a dataset `v_<id>` (t, C) float32 for each video, with the attributes `rate` (frames per second that
were sampled), `seconds` (length of the video) and `coverage` (decoded share of the file).
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.core.checksums import write_checked_text
from bsnpp.core.errors import UserError
from bsnpp.stores.hdf5 import new_hdf5, open_verified

if TYPE_CHECKING:
    import pandas as pd

ATTRIBUTES = ("rate", "seconds", "coverage")


def write_encoded(path: str | Path, videos: Iterable[tuple[str, np.ndarray, dict[str, float]]]) -> None:
    """Write encoded videos as they come; the same videos give the same bytes.

    Parameters
    ----------
    path : str or Path
        The HDF5 file to write.
    videos : iterable of (str, np.ndarray, dict)
        Id, features (t, C) and attributes of each video.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    try:
        with new_hdf5(path) as file:
            for video, features, attributes in videos:
                dataset = file.create_dataset(f"v_{video}", data=np.asarray(features, dtype=np.float32))
                for name in ATTRIBUTES:
                    dataset.attrs[name] = float(attributes[name])
    except (OSError, RuntimeError) as error:  # HDF5 reports a full disk in both ways
        raise UserError(f"{path}: cannot be written ({error}); check the disk") from error


def write_video_scores(
    path: str | Path, videos: Iterable[tuple[str, np.ndarray]], classes: Sequence[str]
) -> None:
    """Write the class logits of videos in the layout of outside score files.

    Parameters
    ----------
    path : str or Path
        The JSON file to write.
    videos : iterable of (str, np.ndarray)
        Id and logits (K,) of each video.
    classes : sequence of str
        Names of the K classes.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    results = {video: [float(value) for value in logits] for video, logits in videos}
    try:
        write_checked_text(path, json.dumps({"results": results, "class": list(classes)}))
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error}); check the disk") from error


def read_encoded(path: str | Path, video: str) -> np.ndarray:
    """Read the features of a video, float32 (t, C).

    Raises
    ------
    UserError
        If the file is missing or damaged, or lacks the video.
    """
    try:
        with open_verified(path) as file:
            return file[f"v_{video}"][:]
    except (OSError, KeyError) as error:
        raise UserError(f"{path}: no features of {video} ({error}); encode it again") from error


def read_durations(path: str | Path) -> "pd.DataFrame":
    """Tabulate the encoded videos: columns video and duration [s].

    Raises
    ------
    UserError
        If the file is missing or damaged.
    """
    import pandas as pd

    try:
        with open_verified(path) as file:
            rows = [(name.removeprefix("v_"), float(file[name].attrs["seconds"])) for name in file]
    except (OSError, KeyError) as error:
        raise UserError(f"{path}: not a file of encoded videos ({error}); encode them again") from error
    return pd.DataFrame(rows, columns=["video", "duration"])
