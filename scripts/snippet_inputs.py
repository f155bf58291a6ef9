"""What scripts that learn from snippets share: features of recordings, and their targets."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from commandline import progress

from bsnpp.classification.snippets import BACKGROUND, SnippetScores, snippet_targets
from bsnpp.features.importers import import_videos, open_source
from bsnpp.features.settings import StreamSource


def read_sequences(streams: Sequence[StreamSource], videos: Sequence[str]) -> dict[str, np.ndarray]:
    """Features of recordings, the streams of all encoders side by side: float32 (t, C) each."""
    readers = [open_source(stream) for stream in streams]
    return dict(import_videos(readers, videos, lambda items: progress(items, len(videos), "recordings")))


def targets_of(
    lengths: dict[str, int], instances: pd.DataFrame, classes: Sequence[str], snippet_seconds: float
) -> dict[str, np.ndarray]:
    """The class of every snippet of recordings with these numbers of snippets."""
    return {
        video: snippet_targets(instances[instances["video"] == video], classes, length, snippet_seconds)
        for video, length in lengths.items()
    }


def with_background(classes: Sequence[str]) -> list[str]:
    """The classes of snippets: "background", then the challenge's."""
    return [BACKGROUND, *classes]


def joined(logits: dict[str, np.ndarray], classes: list[str], snippet_seconds: float) -> SnippetScores:
    """Scores of several recordings, in the order of `logits`."""
    lengths = np.array([len(values) for values in logits.values()], dtype=np.int64)
    return SnippetScores(
        list(logits), lengths, classes, np.concatenate(list(logits.values())), snippet_seconds
    )
