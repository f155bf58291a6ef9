"""Draw the losses of several trainings over the epochs."""

import pandas as pd

from bsnpp.core.commandline import command_line, run
from bsnpp.reporting.style import save
from bsnpp.reporting.training import training_curves
from bsnpp.stores.csv_tables import read_csv


def main() -> None:
    """Parse the command line and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--names", required=True, nargs="+", help="trainings: <generator>/<name>")
    parser.add_argument("--metrics", required=True, nargs="+", help="metrics of each training (CSV)")
    parser.add_argument("--figure", required=True, nargs="+", help="figure to write (PNG, SVG)")
    arguments = parser.parse_args()
    trainings: dict[str, dict[str, pd.DataFrame]] = {}
    for training, path in zip(arguments.names, arguments.metrics, strict=True):
        generator, _, name = training.partition("/")
        trainings.setdefault(generator, {})[name] = read_csv(path, checked=True)
    save(training_curves(trainings), *arguments.figure)


if __name__ == "__main__":
    run(main)
