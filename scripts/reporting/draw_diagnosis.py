"""Diagnose one variant: error types and oracles as tables, and everything as a figure."""

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.evaluation.diagnosis.diagnose import diagnose
from bsnpp.evaluation.metric_settings import MetricSettings
from bsnpp.reporting.diagnosis import diagnosis_figure
from bsnpp.reporting.style import save
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.detections import read_detections
from bsnpp.stores.tables import read_table


class DiagnosisSettings(Settings):
    """Settings of this script."""

    evaluation: MetricSettings


def main() -> None:
    """Parse the command line, diagnose and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--detections", required=True, help="detections of the variant")
    parser.add_argument("--videos", required=True, help="table of the videos")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--errors", required=True, help="table of error types to write, shares (CSV)")
    parser.add_argument("--oracles", required=True, help="table of oracles to write, shares (CSV)")
    parser.add_argument("--figure", required=True, nargs="+", help="figure to write (PNG, SVG)")
    parser.add_argument("--settings", required=True, help="JSON: evaluation")
    arguments = parser.parse_args()
    thresholds = parse_settings(arguments.settings, DiagnosisSettings).evaluation.tiou_thresholds
    videos, instances = read_table(arguments.videos), read_table(arguments.instances)
    diagnosis = diagnose(instances, read_detections(arguments.detections), videos, thresholds)
    write_csv(arguments.errors, diagnosis.errors, decimals=6)
    write_csv(arguments.oracles, diagnosis.oracles, decimals=6)
    save(diagnosis_figure(diagnosis), *arguments.figure)


if __name__ == "__main__":
    run(main)
