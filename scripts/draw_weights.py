"""Draw the weights of a blend of encoders."""

import pandas as pd
from commandline import command_line, run

from bsnpp.reporting.figures import weights_bars
from bsnpp.reporting.style import save


def main() -> None:
    """Parse the command line and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--weights", required=True, help="table of members, scores and weights")
    parser.add_argument("--figure", required=True, help="figure to write")
    arguments = parser.parse_args()
    save(weights_bars(pd.read_csv(arguments.weights)), arguments.figure)


if __name__ == "__main__":
    run(main)
