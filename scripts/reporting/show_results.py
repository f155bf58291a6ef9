"""Show the results of a run: its ablation table, and the paths of submission, tables and figures."""

from pathlib import Path

from bsnpp.core.commandline import command_line, run
from bsnpp.core.errors import UserError
from bsnpp.reporting.tables import markdown_table
from bsnpp.stores.csv_tables import read_csv


def main() -> None:
    """Parse the command line and show."""
    parser = command_line(__doc__)
    parser.add_argument("results", type=Path, help="folder of the run")
    results = parser.parse_args().results
    path = results / "tables" / "ablation.csv"
    if not path.exists():
        raise UserError(f"{path}: no such file; run the workflow first")
    print(markdown_table(read_csv(path, ["variant", "step_from"])))
    for name in ("report.html", "submission.json", "submission.valid.txt", "tables", "figures"):
        print(results / name)


if __name__ == "__main__":
    run(main)
