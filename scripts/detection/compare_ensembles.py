"""Compare the ensemble methods, which calibrate the scores of several generators.

The first subset is validation: calibrations are fitted on it, and evaluated on every subset.
"""

from bsnpp.annotations.groups import read_groups
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import parse_settings
from bsnpp.detection.comparison import ComparedSubset, compare_methods
from bsnpp.detection.ensemble_settings import CONCATENATE
from bsnpp.detection.inputs import CandidateSettings, add_candidate_arguments, read_ensembles
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.reporting.comparison import comparison_table
from bsnpp.reporting.tables import markdown_table
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.tables import read_table


class CompareSettings(CandidateSettings):
    """Settings of this script."""

    evaluation: EvaluationSettings
    seed: int


def main() -> None:
    """Evaluate every method and tabulate its gain over plain concatenation."""
    parser = command_line(__doc__)
    add_candidate_arguments(parser)
    parser.add_argument("--subsets", required=True, nargs="+", help="names of the subsets")
    parser.add_argument("--instances", required=True, nargs="+", help="table of the instances of each subset")
    parser.add_argument("--groups", nargs="?", help="table of video and group; by default a group per video")
    parser.add_argument("--table", required=True, help="CSV to write, in percent")
    parser.add_argument("--settings", required=True, help="JSON: as detect.py; evaluation, seed")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, CompareSettings)
    subsets = [
        ComparedSubset(
            name,
            ensemble,
            read_table(instances),
            read_groups(arguments.groups, list(read_table(videos)["video"])),
        )
        for name, ensemble, instances, (videos,) in zip(
            arguments.subsets,
            read_ensembles(arguments, settings),
            arguments.instances,
            arguments.videos,
            strict=True,
        )
    ]
    scores, resampled = compare_methods(subsets, settings.detection, settings.evaluation, settings.seed)
    table = comparison_table(scores, resampled, CONCATENATE)
    log.info("\n%s", markdown_table(table))
    write_csv(arguments.table, table, decimals=4)


if __name__ == "__main__":
    run(main)
