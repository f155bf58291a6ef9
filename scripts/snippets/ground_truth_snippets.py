"""Write the annotated class of every snippet as the scores of a perfect panel, for an upper bound.

The snippets of a subset without ground truth are background.
"""

import numpy as np
import pandas as pd

from bsnpp.classification.logits import probabilities_to_logits
from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.snippets.scores import join_recordings, with_background
from bsnpp.snippets.targets import recording_targets
from bsnpp.stores.snippet_scores import write_snippet_scores
from bsnpp.stores.tables import read_table
from bsnpp.windows.snippet_settings import SnippetSettings


class GroundTruthSettings(Settings):
    """Settings of this script."""

    snippets: SnippetSettings


def main() -> None:
    """Parse the command line and write."""
    parser = command_line(__doc__)
    parser.add_argument("--videos", required=True, help="table of the recordings")
    parser.add_argument("--instances", nargs="?", help="table of their instances, if known")
    parser.add_argument("--classes", required=True, help="class list, one name per line")
    parser.add_argument("--scores", required=True, help="file of snippet scores to write")
    parser.add_argument("--settings", required=True, help="JSON: snippets")
    arguments = parser.parse_args()
    seconds = parse_settings(arguments.settings, GroundTruthSettings).snippets.snippet_seconds
    videos, names = read_table(arguments.videos), with_background(read_classes(arguments.classes))
    known = arguments.instances is not None
    columns = ["video", "start", "end", "label"]
    instances = read_table(arguments.instances) if known else pd.DataFrame(columns=columns)
    pairs = zip(videos["video"], videos["extent"], strict=True)
    lengths = {video: max(1, round(extent / seconds)) for video, extent in pairs}
    targets = recording_targets(lengths, instances, names, seconds)
    certain = probabilities_to_logits(np.eye(len(names)))
    logits = {video: certain[target] for video, target in targets.items()}
    write_snippet_scores(arguments.scores, join_recordings(logits, names, seconds))


if __name__ == "__main__":
    run(main)
