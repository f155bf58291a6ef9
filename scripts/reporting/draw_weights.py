"""Draw the scores and the weights of the encoders of a blend."""

from bsnpp.core.commandline import command_line, run
from bsnpp.reporting.style import save
from bsnpp.reporting.weights import METRICS, weights_bars
from bsnpp.stores.csv_tables import read_csv


def main() -> None:
    """Parse the command line and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--metric", required=True, choices=METRICS, help="metric of the scores")
    parser.add_argument("--weights", required=True, help="table of the members (CSV)")
    parser.add_argument("--figure", required=True, nargs="+", help="figure to write (PNG, SVG)")
    arguments = parser.parse_args()
    weights = read_csv(arguments.weights, ["member"], checked=True)
    save(weights_bars(weights, arguments.metric), *arguments.figure)


if __name__ == "__main__":
    run(main)
