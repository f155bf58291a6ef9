"""Choose the recogniser's settings by cross-validation over the training recordings.

Every combination of `recognition.candidates` is scored; the plainest one as good as the best is chosen.
"""

from functools import partial

from bsnpp.annotations.groups import read_groups
from bsnpp.core.checksums import write_checked_text
from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import parse_settings
from bsnpp.evaluation.thresholds import Threshold
from bsnpp.recogniser.inputs import RecogniserSettings, add_training_arguments, read_recordings
from bsnpp.recogniser.search import TrainingSet, cross_validate, search_table
from bsnpp.recogniser.settings import RecognitionSettings
from bsnpp.snippets.folds import group_folds
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.snippet_scores import read_snippet_scores
from bsnpp.stores.tables import read_table


class SearchSettings(RecogniserSettings):
    """Settings of this script; the mean AP over `thresholds` is maximised."""

    recognition: RecognitionSettings
    thresholds: tuple[Threshold, ...]


def main() -> None:
    """Score every alternative, and write the table and the chosen one."""
    parser = command_line(__doc__)
    add_training_arguments(parser)
    parser.add_argument("--groups", nargs="?", help="table of video and group; by default a group per video")
    parser.add_argument("--panel", nargs="?", help="out-of-fold snippet classes of the training recordings")
    parser.add_argument("--table", required=True, help="CSV to write: all alternatives")
    parser.add_argument("--chosen", required=True, help="JSON to write: the chosen settings")
    parser.add_argument("--settings", required=True, help="JSON: as recognise.py; recognition, thresholds")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, SearchSettings)
    groups = read_groups(arguments.groups, list(read_table(arguments.videos)["video"]))
    data = TrainingSet(
        read_table(arguments.instances),
        group_folds(groups, settings.recognition.folds),
        read_classes(arguments.classes),
        read_snippet_scores(arguments.panel) if arguments.panel else None,
        settings.snippet_seconds,
    )
    search = settings.recognition
    read = partial(read_recordings, arguments.videos, settings, cells=arguments.cells)
    scores = cross_validate(data, read, search, settings.detection, settings.thresholds, settings.seed)
    table = search_table(search.alternatives, scores)
    log.info("\n%s", table.to_string())
    write_csv(arguments.table, table, decimals=4)
    chosen = search.alternatives[table["chosen"].argmax()].model_dump_json(indent=1)
    write_checked_text(arguments.chosen, chosen)


if __name__ == "__main__":
    run(main)
