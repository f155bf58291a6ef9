"""Tabulate and draw the AP of every class of one variant, with the number of its instances."""

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.reporting.classes import class_bars, class_table
from bsnpp.reporting.style import save
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.evaluations import read_evaluation


class ClassesSettings(Settings):
    """What this script reads."""

    evaluation: EvaluationSettings


def main() -> None:
    """Parse the command line, tabulate and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--scores", required=True, nargs="+", help="evaluations of each subset, as JSON")
    parser.add_argument("--table", required=True, help="CSV to write, in per cent")
    parser.add_argument("--figure", required=True, help="figure to write")
    parser.add_argument("--settings", required=True, help="JSON: evaluation")
    arguments = parser.parse_args()
    options = parse_settings(arguments.settings, ClassesSettings).evaluation
    evaluations = [read_evaluation(path) for path in arguments.scores]
    table = class_table(evaluations, options)
    write_csv(arguments.table, table, decimals=4)
    save(class_bars(table, options), arguments.figure)


if __name__ == "__main__":
    run(main)
