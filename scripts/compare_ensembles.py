"""Compare the ways to bring several generators' scores to one scale: fitted on validation, scored on all.

The first subset is validation.
"""

from typing import get_args

import pandas as pd
from candidate_inputs import CandidateSettings, add_candidate_arguments, decoded, ensembles
from commandline import command_line, log, run

from bsnpp.annotations import read_table
from bsnpp.detection.ensemble import Ensemble
from bsnpp.detection.score_scales import ScoreScale
from bsnpp.detection.settings import DetectionSettings, EnsembleMethod
from bsnpp.detection.tables import detections_table
from bsnpp.evaluation.bootstrap import bootstrap_map
from bsnpp.evaluation.detection import match_detections, score_matches
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.files import whole_file
from bsnpp.groups import read_groups
from bsnpp.reporting.comparison import comparison_table
from bsnpp.reporting.tables import markdown_table
from bsnpp.settings import parse_settings


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
    parser.add_argument("--groups", help="table of video and group: groups, not videos, are resampled")
    parser.add_argument("--table", required=True, help="CSV to write, in per cent")
    parser.add_argument("--settings", required=True, help="JSON: as detect.py, evaluation, seed")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, CompareSettings)
    subsets, truth = ensembles(arguments, settings), [read_table(path) for path in arguments.instances]
    options = settings.evaluation
    scores, resampled = {}, {}
    for way in get_args(EnsembleMethod):
        detection = settings.detection.model_copy(update={"ensemble": way})
        scales = subsets[0].scales(subsets[0].candidates(detection), detection, truth[0])
        for name, ensemble, instances, videos in zip(
            arguments.subsets, subsets, truth, arguments.videos, strict=True
        ):
            names = list(read_table(videos)["video"])
            table = _detections(ensemble, detection, scales)
            matches = match_detections(instances, table, options.tiou_thresholds, names)
            groups = read_groups(arguments.groups, names) if arguments.groups else None
            scores[way, name] = score_matches(matches)
            resampled[way, name] = bootstrap_map(matches, options.bootstrap_resamples, settings.seed, groups)
    table = comparison_table(scores, resampled, "concatenate")
    log.info("\n%s", markdown_table(table))
    with whole_file(arguments.table) as temporary:
        table.to_csv(temporary, index=False, float_format="%.4f", lineterminator="\n")


def _detections(ensemble: Ensemble, settings: DetectionSettings, scales: list[ScoreScale]) -> pd.DataFrame:
    units, labelled = {}, []
    for found in decoded(ensemble, settings):
        units[found.video] = found.unit
        labelled.append((found.video, ensemble.detections(found, settings, scales)))
    return detections_table(labelled, units, ensemble.source.classes)


if __name__ == "__main__":
    run(main)
