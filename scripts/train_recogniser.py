"""Train the recogniser of proposals on the training recordings, and recognise proposals with it.

Each `--proposals` is a file of proposals in seconds, or the word `dense`: windows of every length at every
place, which need no generator. The fitted estimators are not kept: to score more proposals, name them too.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from commandline import command_line, log, progress, run
from recogniser_inputs import instances_of, read_recordings

from bsnpp.annotation_tables import read_table
from bsnpp.annotations import read_classes
from bsnpp.classification.recognition import Recogniser, Recording, train_recogniser
from bsnpp.classification.segment_samples import dense_segments
from bsnpp.classification.settings import RecognitionSettings
from bsnpp.classification.snippets import SnippetScores, pool_in_segments, read_snippet_scores
from bsnpp.detection.recognised import Evidence, recognised_detections, recognised_proposals
from bsnpp.detection.settings import DetectionSettings
from bsnpp.detection.tables import (
    detections_table,
    proposals_table,
    read_proposals,
    write_detections,
    write_proposals,
)
from bsnpp.features.settings import SnippetSettings, StreamSource
from bsnpp.settings import Settings, parse_settings

DENSE = "dense"


class RecogniseSettings(Settings):
    """What this script reads; of `detection`, classes and suppression. `streams`: of each encoder."""

    detection: DetectionSettings
    streams: dict[str, tuple[StreamSource, ...]]
    snippets: SnippetSettings
    seed: int


def main() -> None:
    """Parse the command line, train and recognise."""
    parser = command_line(__doc__)
    parser.add_argument("--videos", required=True, help="table of the training recordings")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--classes", required=True, help="classes of the challenge, one a line")
    parser.add_argument("--generated", nargs="?", help="a generator's proposals for the training recordings")
    parser.add_argument("--chosen", required=True, help="JSON of the recogniser's settings")
    for name, meaning in (
        ("proposals", "proposals, or the word dense"), ("recordings", "table of their recordings"),
        ("detections", "detections to write for each"), ("refined", "refined proposals to write for each"),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", required=True, nargs="+", help=meaning)
    parser.add_argument("--panel", nargs="*", default=[], help="snippet classes for each, or none at all")
    parser.add_argument("--settings", required=True, help="JSON: detection, streams, ...")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, RecogniseSettings)
    chosen = parse_settings(Path(arguments.chosen).read_text(encoding="utf-8"), RecognitionSettings)
    classes = read_classes(arguments.classes)
    generated = read_proposals(arguments.generated) if arguments.generated else None
    recogniser = train_recogniser(
        read_recordings(
            read_table(arguments.videos), settings.streams, chosen.encoders, settings.snippets, generated
        ),
        instances_of(read_table(arguments.instances), classes),
        classes,
        settings.snippets.snippet_seconds,
        chosen,
        settings.seed,
    )
    for given, table, panel, detections, refined in zip(
        arguments.proposals,
        arguments.recordings,
        arguments.panel or [None] * len(arguments.proposals),
        arguments.detections,
        arguments.refined,
        strict=True,
    ):
        videos = read_table(table)
        recordings = read_recordings(videos, settings.streams, chosen.encoders, settings.snippets)
        scores = read_snippet_scores(panel) if panel else None
        found = dict(_recognise(recogniser, given, recordings, scores))
        options = settings.detection
        extent = {video: evidence.extent for video, evidence in found.items()}
        labelled = [(video, recognised_detections(each, chosen, options)) for video, each in found.items()]
        plain = [(video, recognised_proposals(each, chosen, options)) for video, each in found.items()]
        write_detections(detections, detections_table(labelled, extent, classes))
        write_proposals(refined, proposals_table(plain, extent))
        log.info("%s: %d detections", Path(given).name, sum(len(detected) for _, detected in labelled))


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


if __name__ == "__main__":
    run(main)
