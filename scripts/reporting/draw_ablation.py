"""Draw the ablation table: average mAP of every variant, and the gain of every step."""

from bsnpp.core.commandline import command_line, run
from bsnpp.reporting.ablation import ablation_bars
from bsnpp.reporting.style import save
from bsnpp.stores.csv_tables import read_csv


def main() -> None:
    """Parse the command line and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--table", required=True, help="ablation table (CSV)")
    parser.add_argument("--figure", required=True, nargs="+", help="figure to write (PNG, SVG)")
    arguments = parser.parse_args()
    save(ablation_bars(read_csv(arguments.table, ["variant", "step_from"])), *arguments.figure)


if __name__ == "__main__":
    run(main)
