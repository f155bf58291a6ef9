"""Tabulate and draw the instances of validation that each part of an ensemble detects."""

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import parse_settings
from bsnpp.detection.complements import complement_table
from bsnpp.detection.inputs import CandidateSettings, add_candidate_arguments, read_ensembles
from bsnpp.evaluation.thresholds import Threshold
from bsnpp.reporting.complements import complement_bars
from bsnpp.reporting.style import save
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.tables import read_table


class ComplementSettings(CandidateSettings):
    """Settings of this script: also the names of the parts, and the tIoU thresholds."""

    parts: tuple[str, ...]
    thresholds: tuple[Threshold, ...]


def main() -> None:
    """Parse the command line, tabulate and draw."""
    parser = command_line(__doc__)
    add_candidate_arguments(parser)
    parser.add_argument("--instances", required=True, help="table of the instances")
    parser.add_argument("--table", required=True, help="table to write, in percent (CSV)")
    parser.add_argument("--figure", required=True, nargs="+", help="figure to write (PNG, SVG)")
    parser.add_argument("--settings", required=True, help="JSON: as detect.py; parts, thresholds")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, ComplementSettings)
    (ensemble,) = read_ensembles(arguments, settings)
    instances = read_table(arguments.instances)
    table = complement_table(ensemble, settings.parts, settings.detection, instances, settings.thresholds)
    write_csv(arguments.table, table, decimals=4)
    save(complement_bars(table), *arguments.figure)


if __name__ == "__main__":
    run(main)
