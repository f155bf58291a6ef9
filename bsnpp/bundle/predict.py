"""Detect actions in the videos of a folder of features, and write them to files."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from bsnpp.bundle.bundle import Bundle
from bsnpp.bundle.inputs import open_features, read_class_scores, read_durations, read_videos
from bsnpp.bundle.outputs import checked_ending, write_detections
from bsnpp.bundle.videos import NewVideo
from bsnpp.bundle.viewing import Viewing

COLUMNS = ["video", "label", "score", "start", "end"]

Progress = Callable[[Iterable[NewVideo], int], Iterable[NewVideo]]
"""Wraps the loop over so many videos."""


def predict_folder(
    bundle: Bundle,
    features: str | Path,
    durations: str | Path,
    scores: Mapping[str, str],
    outputs: Sequence[str | Path],
    viewing: Viewing | None = None,
    progress: Progress = lambda videos, total: videos,
) -> int:
    """Detect actions in every video of a table.

    On a CPU, the videos of a subset give the bytes that the workflow gives.

    Parameters
    ----------
    bundle : Bundle
        A trained challenge.
    features : str or Path
        Folder of features; see `bsnpp.bundle.inputs.open_features`.
    durations : str or Path
        Table of the videos; see `bsnpp.bundle.inputs.read_durations`.
    scores : mapping of str to str
        Score file of each outside classifier.
    outputs : sequence of str or Path
        Files to write, .json or .csv.
    viewing : Viewing, optional
        Writes pictures, subtitles and annotations of each video.
    progress : callable
        Wraps the loop over the videos.

    Returns
    -------
    int
        Number of detections.

    Raises
    ------
    UserError
        If an input is missing or not usable, or a file cannot be written.
    """
    for output in outputs:
        checked_ending(output)
    table = read_durations(durations)
    if viewing is not None:
        viewing.check(table["video"])
    readers = open_features(features, bundle.manifest)
    classified = read_class_scores(scores, bundle.manifest, list(table["video"]))
    videos = progress(read_videos(table, readers, classified, bundle.manifest), len(table))
    parts = []
    for video, detections in bundle.detect_all(videos):
        parts.append(detections)
        if viewing is not None:
            viewing.write(video.video, video.duration, detections)
    every = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    for output in outputs:
        write_detections(output, every, table, bundle.manifest)
    return len(every)
