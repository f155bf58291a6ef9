"""Write the annotated classes of videos as the scores of a perfect panel, for an upper bound.

Videos of a subset without ground truth have probability 0 for every class.
"""

import numpy as np
import pandas as pd

from bsnpp.classification.targets import true_classes
from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, run
from bsnpp.stores.class_scores import write_panel_file
from bsnpp.stores.tables import read_table


def main() -> None:
    """Parse the command line and write."""
    parser = command_line(__doc__)
    parser.add_argument("--videos", required=True, help="table of the videos")
    parser.add_argument("--instances", nargs="?", help="table of their instances, if known")
    parser.add_argument("--classes", required=True, help="class list, one name per line")
    parser.add_argument("--scores", required=True, help="panel file to write")
    arguments = parser.parse_args()
    names, classes = list(read_table(arguments.videos)["video"]), read_classes(arguments.classes)
    known = arguments.instances is not None
    instances = read_table(arguments.instances) if known else pd.DataFrame(columns=["video", "label"])
    truth = true_classes(instances, names, classes)
    write_panel_file(arguments.scores, names, classes, truth.astype(np.float64))


if __name__ == "__main__":
    run(main)
