"""What scripts that learn from snippets share: features of recordings, and their targets."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bsnpp.core.commandline import progress
from bsnpp.features.importers import open_source
from bsnpp.features.settings import StreamSource
from bsnpp.snippets.targets import snippet_targets
from bsnpp.stores.snippet_scores import BACKGROUND, SnippetScores
from bsnpp.windows.recordings import import_recordings
from bsnpp.windows.settings import SnippetSettings


def read_sequences(
    streams: Sequence[StreamSource], videos: pd.DataFrame, snippets: SnippetSettings
) -> dict[str, np.ndarray]:
    """Features of the recordings of a table, streams of all encoders side by side: float32 (t, C) each."""
    readers = [open_source(stream) for stream in streams]
    extents = dict(zip(videos["video"], videos["extent"], strict=True))
    return dict(
        import_recordings(
            readers, extents, snippets, lambda items: progress(items, len(extents), "recordings")
        )
    )


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
