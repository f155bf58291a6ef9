"""Draw the average recall of the proposals of every variant on one subset."""

import numpy as np

from bsnpp.core.commandline import command_line, run
from bsnpp.reporting.recall import average_recall_curves
from bsnpp.reporting.style import save
from bsnpp.stores.evaluations import read_evaluation


def main() -> None:
    """Parse the command line and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--scores", required=True, nargs="+", help="scores of each variant (JSON)")
    parser.add_argument("--figure", required=True, nargs="+", help="figure to write (PNG, SVG)")
    arguments = parser.parse_args()
    evaluations = [read_evaluation(path) for path in arguments.scores]
    recall = {evaluation["variant"]: np.array(evaluation["ar"]) for evaluation in evaluations}
    save(average_recall_curves(recall), *arguments.figure)


if __name__ == "__main__":
    run(main)
