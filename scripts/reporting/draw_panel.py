"""Draw what the weights of a panel of classifiers are worth."""

from bsnpp.core.commandline import command_line, run
from bsnpp.reporting.style import save
from bsnpp.reporting.weights import panel_profiles
from bsnpp.stores.csv_tables import read_csv


def main() -> None:
    """Parse the command line and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--metric", required=True, help="what the scores are: top1, top5 or average_map")
    parser.add_argument("--weights", required=True, help="table of members, scores and weights")
    parser.add_argument("--grid", required=True, help="table of all weightings tried")
    parser.add_argument("--figure", required=True, help="figure to write")
    arguments = parser.parse_args()
    weights, grid = read_csv(arguments.weights, ["member"]), read_csv(arguments.grid)
    save(panel_profiles(weights, grid, arguments.metric), arguments.figure)


if __name__ == "__main__":
    run(main)
