"""Put the scores of all variants into one table: the paper's Table 1 of this challenge."""

import json
from pathlib import Path

import numpy as np

from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.reporting.tables import ablation_table, markdown_table
from bsnpp.stores.csv_tables import write_csv


class TableSettings(Settings):
    """What this script reads: the variant that each variant is a step from."""

    after: dict[str, str | None]


def main() -> None:
    """Parse the command line and tabulate."""
    parser = command_line(__doc__)
    parser.add_argument("--scores", required=True, nargs="+", help="evaluations, as JSON")
    parser.add_argument("--resamples", required=True, nargs="+", help="resampled mAP of each of these")
    parser.add_argument("--table", required=True, help="CSV to write, in per cent")
    parser.add_argument("--settings", required=True, help="JSON: after")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, TableSettings)
    evaluations = [json.loads(Path(path).read_text(encoding="utf-8")) for path in arguments.scores]
    resampled = {
        (evaluation["variant"], evaluation["subset"]): np.load(path, allow_pickle=False)
        for evaluation, path in zip(evaluations, arguments.resamples, strict=True)
    }
    steps = {name: before for name, before in settings.after.items() if before is not None}
    table = ablation_table(evaluations, resampled, steps)
    write_csv(arguments.table, table, decimals=4)
    log.info("\n%s", markdown_table(table))


if __name__ == "__main__":
    run(main)
