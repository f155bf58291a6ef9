"""Compare settings of detection on validation: every score, class fusion and suppression of a grid."""

from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.layers import write_layer
from bsnpp.core.settings import parse_settings
from bsnpp.detection.decoding_settings import ScoreName
from bsnpp.detection.inputs import CandidateSettings, add_candidate_arguments, read_ensembles
from bsnpp.detection.settings import DetectionSettings
from bsnpp.detection.sweep import overlay, run_sweep, sweep_settings, sweep_table
from bsnpp.detection.sweep_settings import SweepSettings
from bsnpp.evaluation.metric_settings import MetricSettings
from bsnpp.reporting.tables import markdown_table
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.tables import read_table

HEADING = "# The best of the sweep on validation. To use it: --configfile <the challenge's file> <this one>"
SHOWN = 10
"""Number of rows in the log."""


class SweepScriptSettings(CandidateSettings):
    """Settings of this script; `weighed_by` for each generator."""

    detection: DetectionSettings
    sweep: SweepSettings
    evaluation: MetricSettings
    weighed_by: dict[str, ScoreName]


def main() -> None:
    """Evaluate all combinations, and write the table and the best one."""
    parser = command_line(__doc__)
    add_candidate_arguments(parser)
    parser.add_argument("--instances", required=True, help="table of the validation instances")
    parser.add_argument("--table", required=True, help="CSV to write: every combination, best first")
    parser.add_argument("--chosen", required=True, help="YAML to write: configuration of the best one")
    parser.add_argument("--settings", required=True, help="JSON: as detect.py; sweep, evaluation, weighed_by")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, SweepScriptSettings)
    (ensemble,) = read_ensembles(arguments, settings)
    results = run_sweep(
        ensemble,
        sweep_settings(settings.detection, settings.sweep),
        read_table(arguments.instances),
        settings.evaluation.tiou_thresholds,
    )
    table = sweep_table(results, settings.detection)
    log.info("the best of %d combinations\n%s", len(table), markdown_table(table.head(SHOWN)))
    write_csv(arguments.table, table, decimals=4)
    best = overlay(results[0][0], settings.detection, settings.weighed_by)
    write_layer(arguments.chosen, best, HEADING)


if __name__ == "__main__":
    run(main)
