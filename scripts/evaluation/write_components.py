"""Tabulate the scores of every component and seed, to show what each part of a generator contributes."""

from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.reporting.components import component_table
from bsnpp.reporting.tables import markdown_table
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.evaluations import read_evaluation


class ComponentsSettings(Settings):
    """Settings of this script: row and seed of every variant, and the row with all components."""

    lines: dict[str, tuple[str, int]]
    whole: str


def main() -> None:
    """Parse the command line and write the table."""
    parser = command_line(__doc__)
    parser.add_argument("--scores", required=True, nargs="+", help="scores of each variant and subset (JSON)")
    parser.add_argument("--table", required=True, help="table to write, in percent (CSV)")
    parser.add_argument("--settings", required=True, help="JSON with the keys lines and whole")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, ComponentsSettings)
    evaluations = [read_evaluation(path) for path in arguments.scores]
    table = component_table(evaluations, settings.lines, settings.whole)
    write_csv(arguments.table, table, decimals=4)
    log.info("\n%s", markdown_table(table))


if __name__ == "__main__":
    run(main)
