"""Put the scores of every component and seed into one table: what each part of a generator brings."""

import json
from pathlib import Path

from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.reporting.components import component_table
from bsnpp.reporting.tables import markdown_table
from bsnpp.stores.csv_tables import write_csv


class ComponentsSettings(Settings):
    """What this script reads: row and seed of every variant, and the row with all components."""

    lines: dict[str, tuple[str, int]]
    whole: str


def main() -> None:
    """Parse the command line and tabulate."""
    parser = command_line(__doc__)
    parser.add_argument("--scores", required=True, nargs="+", help="evaluations, as JSON")
    parser.add_argument("--table", required=True, help="CSV to write, in per cent")
    parser.add_argument("--settings", required=True, help="JSON: lines, whole")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, ComponentsSettings)
    evaluations = [json.loads(Path(path).read_text(encoding="utf-8")) for path in arguments.scores]
    table = component_table(evaluations, settings.lines, settings.whole)
    write_csv(arguments.table, table, decimals=4)
    log.info("\n%s", markdown_table(table))


if __name__ == "__main__":
    run(main)
