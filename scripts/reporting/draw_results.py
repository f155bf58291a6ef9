"""Draw the ablation table and the average recall of every variant on one subset."""

import numpy as np

from bsnpp.core.commandline import command_line, run
from bsnpp.reporting.figures import ablation_bars, average_recall_curves
from bsnpp.reporting.style import save
from bsnpp.stores.csv_tables import read_csv
from bsnpp.stores.evaluations import read_evaluation


def main() -> None:
    """Parse the command line and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--table", required=True, help="ablation table")
    parser.add_argument("--scores", required=True, nargs="+", help="evaluations of one subset, as JSON")
    parser.add_argument("--ablation", required=True, help="figure to write")
    parser.add_argument("--recall", required=True, help="figure to write")
    arguments = parser.parse_args()
    save(ablation_bars(read_csv(arguments.table, ["variant", "step_from"])), arguments.ablation)
    evaluations = [read_evaluation(path) for path in arguments.scores]
    recall = {evaluation["variant"]: np.array(evaluation["ar"]) for evaluation in evaluations}
    save(average_recall_curves(recall), arguments.recall)


if __name__ == "__main__":
    run(main)
