"""What scripts that learn from snippets share: features of recordings, their targets and persons."""

import csv
from collections.abc import Sequence

import numpy as np
import pandas as pd
from commandline import progress

from bsnpp.classification.snippets import BACKGROUND, SnippetScores, snippet_targets
from bsnpp.errors import Faults, UserError
from bsnpp.features.importers import import_videos, open_source
from bsnpp.features.settings import StreamSource


def read_sequences(streams: Sequence[StreamSource], videos: Sequence[str]) -> dict[str, np.ndarray]:
    """Features of recordings, the streams of all encoders side by side: float32 (t, C) each."""
    readers = [open_source(stream) for stream in streams]
    return dict(import_videos(readers, videos, lambda items: progress(items, len(videos), "recordings")))


def read_persons(path: str, videos: Sequence[str]) -> dict[str, str]:
    """The person of each of these recordings; a UserError names those without one."""
    faults = Faults(f"{path}: recordings without a person", "It needs a row for each: video, person.")
    try:
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        persons = {row["video"]: row["person"] for row in rows}
    except (OSError, UnicodeDecodeError, KeyError) as error:
        raise UserError(f"{path}: no table with the columns video and person ({error})") from error
    faults.extend(video for video in videos if not persons.get(video))
    faults.raise_if_any()
    return persons


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
