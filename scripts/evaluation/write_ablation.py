"""Tabulate the scores of all variants, as in Table 1 of the paper."""

from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.reporting.tables import ablation_table, markdown_table
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.evaluations import read_evaluation, read_resamples


class TableSettings(Settings):
    """Settings of this script: the variant that each variant is compared with."""

    after: dict[str, str | None]


def main() -> None:
    """Parse the command line and write the table."""
    parser = command_line(__doc__)
    parser.add_argument("--scores", required=True, nargs="+", help="scores of each variant and subset (JSON)")
    parser.add_argument("--resamples", required=True, nargs="+", help="resampled mAP of each of these (.npy)")
    parser.add_argument("--table", required=True, help="table to write, in percent (CSV)")
    parser.add_argument("--settings", required=True, help="JSON with the key after")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, TableSettings)
    evaluations = [read_evaluation(path) for path in arguments.scores]
    resampled = {
        (evaluation["variant"], evaluation["subset"]): read_resamples(path)
        for evaluation, path in zip(evaluations, arguments.resamples, strict=True)
    }
    steps = {name: before for name, before in settings.after.items() if before is not None}
    table = ablation_table(evaluations, resampled, steps)
    write_csv(arguments.table, table, decimals=4)
    log.info("\n%s", markdown_table(table))


if __name__ == "__main__":
    run(main)
