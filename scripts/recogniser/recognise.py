"""Train the recogniser of proposals on the training recordings, and recognise proposals with it.

Each `--proposals` is a file of proposals in seconds, or the word `dense`: windows of every length at every
place, which need no generator. The fitted estimators are not kept: to score more proposals, name them too.
"""

from pathlib import Path

from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.detection.settings import DetectionSettings
from bsnpp.detection.tables import detections_table, proposals_table
from bsnpp.features.settings import StreamSource
from bsnpp.recogniser.detections import recognised_detections, recognised_proposals
from bsnpp.recogniser.evidence import _recognise
from bsnpp.recogniser.inputs import instances_of, read_recordings
from bsnpp.recogniser.recogniser import train_recogniser
from bsnpp.recogniser.settings import RecognitionSettings
from bsnpp.stores.detections import read_proposals, write_detections, write_proposals
from bsnpp.stores.snippet_scores import read_snippet_scores
from bsnpp.stores.tables import read_table
from bsnpp.windows.snippet_settings import SnippetSettings


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
    parser.add_argument("--classes", required=True, help="class list of the challenge")
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


if __name__ == "__main__":
    run(main)
