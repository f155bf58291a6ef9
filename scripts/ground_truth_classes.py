"""Write the annotated classes of videos as if a perfect panel had told them: an upper bound.

Of a subset without ground truth nothing is known: every class of a video has probability 0.
"""

import numpy as np
import pandas as pd
from commandline import command_line, run
from snippet_inputs import joined, targets_of, with_background

from bsnpp.annotation_tables import read_table
from bsnpp.annotations import read_classes
from bsnpp.classification.scores import probabilities_to_logits, write_panel_file
from bsnpp.classification.snippets import SnippetScores, write_snippet_scores
from bsnpp.classification.targets import true_classes
from bsnpp.features.settings import WindowSettings
from bsnpp.settings import Settings, parse_settings


class GroundTruthSettings(Settings):
    """What this script reads; with windows, classes are told of snippets."""

    windows: WindowSettings | None


def main() -> None:
    """Parse the command line and write."""
    parser = command_line(__doc__)
    parser.add_argument("--videos", required=True, help="table of the videos")
    parser.add_argument("--instances", nargs="*", default=[], help="table of their instances, if at hand")
    parser.add_argument("--classes", required=True, help="classes of the challenge, one a line")
    parser.add_argument("--scores", required=True, help="panel file to write")
    parser.add_argument("--settings", required=True, help="JSON: windows")
    arguments = parser.parse_args()
    windows = parse_settings(arguments.settings, GroundTruthSettings).windows
    videos, classes = read_table(arguments.videos), read_classes(arguments.classes)
    tables = [read_table(path) for path in arguments.instances]
    instances = tables[0] if tables else pd.DataFrame(columns=["video", "start", "end", "label"])
    if windows is None:
        names = list(videos["video"])
        truth = true_classes(instances, names, classes)
        write_panel_file(arguments.scores, names, classes, truth.astype(np.float64))
    else:
        write_snippet_scores(arguments.scores, _snippets(videos, instances, classes, windows.snippet_seconds))


def _snippets(
    videos: pd.DataFrame, instances: pd.DataFrame, classes: list[str], snippet_seconds: float
) -> SnippetScores:
    """Logits of the annotated class of every snippet."""
    names = with_background(classes)
    pairs = zip(videos["video"], videos["extent"], strict=True)
    lengths = {video: max(1, round(extent / snippet_seconds)) for video, extent in pairs}
    targets = targets_of(lengths, instances, names, snippet_seconds)
    certain = probabilities_to_logits(np.eye(len(names)))
    return joined({video: certain[target] for video, target in targets.items()}, names, snippet_seconds)


if __name__ == "__main__":
    run(main)
