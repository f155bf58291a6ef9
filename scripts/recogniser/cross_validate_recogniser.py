"""Choose the recogniser's settings by cross-validation over the training videos.

Every combination of `recognition.candidates` is scored; the plainest that is as good as the best is chosen.
"""

import numpy as np

from bsnpp.annotations.groups import read_groups
from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.files import whole_file
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.detection.settings import DetectionSettings
from bsnpp.evaluation.settings import Threshold
from bsnpp.features.settings import StreamSource
from bsnpp.recogniser.inputs import instances_of, read_recordings
from bsnpp.recogniser.search import TrainingSet, choose, fold_scores, recognise_held_out, search_table
from bsnpp.recogniser.settings import RecognitionSettings
from bsnpp.snippets.folds import group_folds
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.snippet_scores import read_snippet_scores
from bsnpp.stores.tables import read_table
from bsnpp.windows.snippet_settings import SnippetSettings


class SearchSettings(Settings):
    """What this script reads; `streams` of each encoder; the mean over `thresholds` is what is maximised."""

    recognition: RecognitionSettings
    detection: DetectionSettings
    streams: dict[str, tuple[StreamSource, ...]]
    thresholds: tuple[Threshold, ...]
    snippets: SnippetSettings
    seed: int


def main() -> None:
    """Parse the command line, score every setting and write the chosen one."""
    parser = command_line(__doc__)
    for name, meaning in (
        ("videos", "table of the training recordings"), ("instances", "table of their instances"),
        ("classes", "class list of the challenge"), ("table", "CSV of all settings to write"),
        ("chosen", "JSON of the chosen settings to write"),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", required=True, help=meaning)
    parser.add_argument("--groups", nargs="?", help="table of video and group; else each video is one")
    parser.add_argument("--panel", nargs="?", help="out-of-fold snippet classes of the training recordings")
    parser.add_argument("--settings", required=True, help="JSON: recognition, detection, streams, ...")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, SearchSettings)
    videos, instances = read_table(arguments.videos), read_table(arguments.instances)
    classes = read_classes(arguments.classes)
    groups = read_groups(arguments.groups, list(videos["video"]))
    data = TrainingSet(
        instances,
        instances_of(instances, classes),
        group_folds(groups, settings.recognition.folds),
        classes,
        read_snippet_scores(arguments.panel) if arguments.panel else None,
        settings.snippets.snippet_seconds,
    )
    alternatives = settings.recognition.alternatives
    held_out = {}
    for encoders in dict.fromkeys(each.encoders for each in alternatives):
        recordings = read_recordings(videos, settings.streams, encoders, settings.snippets)
        seen = settings.recognition.model_copy(update={"encoders": encoders})
        held_out[encoders] = recognise_held_out(data, recordings, seen, settings.seed)
        log.info("held-out recordings recognised with %s", ", ".join(encoders) or "all encoders")
    scores = np.array(
        [
            fold_scores(data, held_out[each.encoders], each, settings.detection, settings.thresholds)
            for each in alternatives
        ]
    )
    table, chosen = search_table(alternatives, scores), alternatives[choose(scores)]
    log.info("\n%s", table.to_string())
    write_csv(arguments.table, table, decimals=4)
    with whole_file(arguments.chosen) as temporary:
        temporary.write_text(chosen.model_dump_json(indent=1), encoding="utf-8")


if __name__ == "__main__":
    run(main)
