"""Tabulate and draw the average precision of every class of one variant."""

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.evaluation.metric_settings import MetricSettings
from bsnpp.reporting.classes import class_bars, class_table
from bsnpp.reporting.style import save
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.evaluations import read_evaluation


class ClassesSettings(Settings):
    """Settings of this script."""

    evaluation: MetricSettings


def main() -> None:
    """Parse the command line, tabulate and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--scores", required=True, nargs="+", help="scores on each subset (JSON)")
    parser.add_argument("--table", required=True, help="table to write, in percent (CSV)")
    parser.add_argument("--figure", required=True, nargs="+", help="figure to write (PNG, SVG)")
    parser.add_argument("--settings", required=True, help="JSON: evaluation")
    arguments = parser.parse_args()
    options = parse_settings(arguments.settings, ClassesSettings).evaluation
    evaluations = [read_evaluation(path) for path in arguments.scores]
    table = class_table(evaluations, options)
    write_csv(arguments.table, table, decimals=4)
    save(class_bars(table, options), *arguments.figure)


if __name__ == "__main__":
    run(main)
