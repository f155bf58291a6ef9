"""Draw a sweep over detection settings."""

from bsnpp.core.commandline import command_line, run
from bsnpp.reporting.style import save
from bsnpp.reporting.sweep import sweep_dots
from bsnpp.stores.csv_tables import read_csv


def main() -> None:
    """Parse the command line and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--table", required=True, help="table of the sweep (CSV)")
    parser.add_argument("--figure", required=True, nargs="+", help="figure to write (PNG, SVG)")
    arguments = parser.parse_args()
    save(sweep_dots(read_csv(arguments.table, ["score", "class_fusion", "nms"])), *arguments.figure)


if __name__ == "__main__":
    run(main)
