"""Draw a sweep of settings of detection."""

import pandas as pd

from bsnpp.core.commandline import command_line, run
from bsnpp.reporting.style import save
from bsnpp.reporting.sweep import sweep_dots


def main() -> None:
    """Parse the command line and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--table", required=True, help="table of the sweep")
    parser.add_argument("--figure", required=True, help="figure to write")
    arguments = parser.parse_args()
    save(sweep_dots(pd.read_csv(arguments.table)), arguments.figure)


if __name__ == "__main__":
    run(main)
