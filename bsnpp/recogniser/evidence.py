"""TODO bsnpp.recogniser.evidence."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from bsnpp.core.commandline import progress
from bsnpp.recogniser.detections import Evidence
from bsnpp.recogniser.recogniser import Recogniser, Recording
from bsnpp.recogniser.samples import dense_segments
from bsnpp.recogniser.settings import RecognitionSettings
from bsnpp.snippets.pooling import pool_in_segments
from bsnpp.stores.detections import read_proposals
from bsnpp.stores.snippet_scores import SnippetScores

DENSE = "dense"


def _recognise(
    recogniser: Recogniser, given: str, recordings: Mapping[str, Recording], panel: SnippetScores | None
) -> Iterator[tuple[str, Evidence]]:
    """What is known of the segments of every recording."""
    table = None if given == DENSE else read_proposals(given)
    for video, recording in progress(recordings.items(), len(recordings), "recordings"):
        segments, scores = _segments(table, video, recording, recogniser.settings)
        found = recogniser.score(recording, segments)
        pooled = None
        if panel is not None:
            pooled = pool_in_segments(panel.probability_of(video), found.segments, panel.snippet_seconds)
        yield video, Evidence(found, scores[found.rows], pooled, recording.extent)


def _segments(
    table: pd.DataFrame | None, video: str, recording: Recording, settings: RecognitionSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Segments in seconds (n, 2) and their scores (n,): proposals, or dense windows with ones."""
    if table is None:
        windows = dense_segments(recording.extent, settings.dense)
        return windows, np.ones(len(windows))
    rows = table[table["video"] == video]
    return rows[["start", "end"]].to_numpy(dtype=np.float64), rows["score"].to_numpy(dtype=np.float64)
