"""Train the recogniser of proposals on the training recordings, and recognise proposals with it.

Each `--proposals` is a file of proposals in seconds, or the word `dense`: windows of every length at every
place, which need no generator. The fitted estimators are not kept: to score more proposals, name them too.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from commandline import command_line, log, progress, run
from pydantic import Field
from snippet_inputs import read_sequences

from bsnpp.annotations import read_classes, read_table
from bsnpp.classification.recognition import (
    Instances,
    Recogniser,
    Recording,
    detection_scores,
    train_recogniser,
)
from bsnpp.classification.segment_samples import dense_segments
from bsnpp.classification.settings import RecognitionSettings
from bsnpp.detection.classes import Detections, fuse_classes
from bsnpp.detection.decode import Proposals
from bsnpp.detection.ensemble import class_agnostic, suppress_per_label
from bsnpp.detection.settings import DetectionSettings
from bsnpp.detection.tables import (
    detections_table,
    proposals_table,
    read_proposals,
    write_detections,
    write_proposals,
)
from bsnpp.features.settings import StreamSource
from bsnpp.settings import Settings, parse_settings

DENSE = "dense"


class RecogniseSettings(Settings):
    """What this script reads; of `detection`, classes and suppression. `streams`: of all encoders seen."""

    recognition: RecognitionSettings
    detection: DetectionSettings
    streams: tuple[StreamSource, ...]
    snippet_seconds: float = Field(gt=0)
    seed: int


def main() -> None:
    """Parse the command line, train and recognise."""
    parser = command_line(__doc__)
    parser.add_argument("--videos", required=True, help="table of the training recordings")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--classes", required=True, help="classes of the challenge, one a line")
    for name, meaning in (
        ("proposals", "proposals, or the word dense"), ("recordings", "table of their recordings"),
        ("detections", "detections to write for each"), ("refined", "refined proposals to write for each"),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", required=True, nargs="+", help=meaning)
    parser.add_argument("--settings", required=True, help="JSON: recognition, detection, streams, ...")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, RecogniseSettings)
    classes = read_classes(arguments.classes)
    recogniser = _train(read_table(arguments.videos), read_table(arguments.instances), classes, settings)
    for given, table, detections, refined in zip(
        arguments.proposals, arguments.recordings, arguments.detections, arguments.refined, strict=True
    ):
        videos = read_table(table)
        found = list(_recognise(recogniser, given, videos, settings))
        extent = dict(zip(videos["video"], videos["extent"], strict=True))
        labelled = [(video, detected) for video, detected, _ in found]
        write_detections(detections, detections_table(labelled, extent, classes))
        write_proposals(refined, proposals_table([(video, plain) for video, _, plain in found], extent))
        log.info("%s: %d detections", Path(given).name, sum(len(detected) for _, detected, _ in found))


def _recordings(videos: pd.DataFrame, settings: RecogniseSettings) -> dict[str, Recording]:
    sequences = read_sequences(settings.streams, list(videos["video"]))
    return {
        video: Recording(sequences[video], float(extent))
        for video, extent in zip(videos["video"], videos["extent"], strict=True)
    }


def _train(
    videos: pd.DataFrame, instances: pd.DataFrame, classes: list[str], settings: RecogniseSettings
) -> Recogniser:
    place = {name: index for index, name in enumerate(classes)}
    truth = {
        str(video): Instances(
            rows[["start", "end"]].to_numpy(dtype=np.float64),
            rows["label"].map(place).to_numpy(dtype=np.int64),
        )
        for video, rows in instances.groupby("video", sort=True)
    }
    recordings = _recordings(videos, settings)
    return train_recogniser(
        recordings, truth, classes, settings.snippet_seconds, settings.recognition, settings.seed
    )


def _recognise(
    recogniser: Recogniser, given: str, videos: pd.DataFrame, settings: RecogniseSettings
) -> Iterator[tuple[str, Detections, Proposals]]:
    """Detections and refined proposals of every recording, as shares of its extent."""
    options = settings.detection
    table = None if given == DENSE else read_proposals(given)
    recordings = _recordings(videos, settings)
    for video, recording in progress(recordings.items(), len(recordings), "recordings"):
        if table is None:
            segments = dense_segments(recording.extent, settings.recognition.dense)
            scores = np.ones(len(segments))
        else:
            rows = table[table["video"] == video]
            segments, scores = rows[["start", "end"]].to_numpy(dtype=np.float64), rows["score"].to_numpy()
        recognised = recogniser.score(recording, segments)
        worth = detection_scores(recognised, scores, settings.recognition)
        proposals = Proposals(recognised.segments / recording.extent, worth)
        labelled = fuse_classes(
            proposals, recognised.probability, options.classes_per_video, options.class_fusion
        )
        activity = Proposals(proposals.segments, worth * recognised.probability.sum(axis=1))
        yield (
            video,
            suppress_per_label(labelled, options.nms, options.per_video),
            class_agnostic(activity, options.nms, options.per_video),
        )


if __name__ == "__main__":
    run(main)
