"""Import the results of an outside classifier: a score file per subset, with classes matched by name."""

from typing import Literal

from bsnpp.classification.outside_results import read_scores
from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, run
from bsnpp.core.errors import Faults, UserError
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.stores.class_scores import write_score_file
from bsnpp.stores.tables import read_table


class ImportSettings(Settings):
    """Settings of this script."""

    scores: Literal["logits", "probabilities"]


def main() -> None:
    """Parse the command line and import."""
    parser = command_line(__doc__)
    parser.add_argument("--sources", required=True, nargs="+", help="results of each subset, as JSON")
    parser.add_argument("--videos", required=True, nargs="+", help="table of the videos of each subset")
    parser.add_argument("--scores", required=True, nargs="+", help="score file to write for each subset")
    parser.add_argument("--classes", required=True, help="class list of the challenge")
    parser.add_argument("--settings", required=True, help="JSON: scores")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, ImportSettings)
    classes = read_classes(arguments.classes)
    faults, imported = Faults("unusable results of a classifier"), []
    for source, videos in zip(arguments.sources, arguments.videos, strict=True):
        try:
            imported.append(read_scores(source, classes, list(read_table(videos)["video"]), settings.scores))
        except UserError as error:
            faults.add(str(error))
    faults.raise_if_any()
    for path, scores in zip(arguments.scores, imported, strict=True):
        write_score_file(path, scores)


if __name__ == "__main__":
    run(main)
