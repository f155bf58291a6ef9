"""Import the channels of an encoder as snippet scores: background first, then the classes."""

from typing import Literal

from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.features.settings import StreamSource
from bsnpp.snippets.inputs import read_sequences
from bsnpp.snippets.outside import snippet_logits
from bsnpp.snippets.scores import with_background
from bsnpp.stores.snippet_scores import write_snippet_scores
from bsnpp.stores.tables import read_table
from bsnpp.windows.snippet_settings import SnippetSettings


class ImportSettings(Settings):
    """Settings of this script."""

    streams: tuple[StreamSource, ...]
    snippets: SnippetSettings
    scores: Literal["logits", "probabilities"]


def main() -> None:
    """Parse the command line and import every subset."""
    parser = command_line(__doc__)
    parser.add_argument("--videos", required=True, nargs="+", help="table of the recordings of each subset")
    parser.add_argument("--classes", required=True, help="class list of the challenge")
    parser.add_argument("--scores", required=True, nargs="+", help="snippet scores to write for each subset")
    parser.add_argument("--settings", required=True, help="JSON: streams, snippets, scores")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, ImportSettings)
    classes = with_background(read_classes(arguments.classes))
    for table, path in zip(arguments.videos, arguments.scores, strict=True):
        sequences = read_sequences(settings.streams, read_table(table), settings.snippets)
        seconds = settings.snippets.snippet_seconds
        write_snippet_scores(path, snippet_logits(sequences, classes, settings.scores, seconds))


if __name__ == "__main__":
    run(main)
