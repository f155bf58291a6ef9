"""Compare the ways to bring several generators' scores to one scale: fitted on validation, scored on all.

The first subset is validation. Maps are decoded once for all ways.
"""

from itertools import product
from typing import get_args

from bsnpp.annotations.groups import read_groups
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import parse_settings
from bsnpp.detection.inputs import CandidateSettings, add_candidate_arguments, decoded, ensembles
from bsnpp.detection.score_scales import ScoreScale
from bsnpp.detection.settings import EnsembleMethod
from bsnpp.detection.tables import detections_table
from bsnpp.evaluation.bootstrap import bootstrap_map
from bsnpp.evaluation.detection import score_matches
from bsnpp.evaluation.matching import match_detections
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.reporting.comparison import comparison_table
from bsnpp.reporting.tables import markdown_table
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.tables import read_table


class CompareSettings(CandidateSettings):
    """What this script reads."""

    evaluation: EvaluationSettings
    seed: int


def main() -> None:
    """Parse the command line, compare and tabulate."""
    parser = command_line(__doc__)
    add_candidate_arguments(parser)
    parser.add_argument("--subsets", required=True, nargs="+", help="names of the subsets")
    parser.add_argument("--instances", required=True, nargs="+", help="table of the instances of each")
    parser.add_argument("--groups", nargs="?", help="table of video and group; else each video is one")
    parser.add_argument("--table", required=True, help="CSV to write, in per cent")
    parser.add_argument("--settings", required=True, help="JSON: as detect.py, evaluation, seed")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, CompareSettings)
    ways = {way: settings.detection.model_copy(update={"ensemble": way}) for way in get_args(EnsembleMethod)}
    scales: dict[str, list[ScoreScale]] = {}
    scores, resampled = {}, {}
    for subset, ensemble, truth, (videos,) in zip(
        arguments.subsets, ensembles(arguments, settings), arguments.instances, arguments.videos, strict=True
    ):
        candidates, instances = list(decoded(ensemble, settings.detection)), read_table(truth)
        units = {found.video: found.unit for found in candidates}
        options, names = settings.evaluation, list(read_table(videos)["video"])
        groups = read_groups(arguments.groups, names)
        for way, detection in ways.items():
            if way not in scales:  # of the first subset
                scales[way] = ensemble.scales(candidates, detection, instances)
            kept = [(found.video, ensemble.detected(found, detection, scales[way])) for found in candidates]
            table = detections_table(kept, units, ensemble.source.classes)
            matches = match_detections(instances, table, options.tiou_thresholds, names)
            scores[way, subset] = score_matches(matches)
            resampled[way, subset] = bootstrap_map(
                matches, options.bootstrap_resamples, settings.seed, groups
            )
    rows = product(ways, arguments.subsets)
    table = comparison_table({row: scores[row] for row in rows}, resampled, "concatenate")
    log.info("\n%s", markdown_table(table))
    write_csv(arguments.table, table, decimals=4)


if __name__ == "__main__":
    run(main)
