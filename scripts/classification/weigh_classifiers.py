"""Find the weights of a panel of classifiers on the validation videos, and fuse their scores with them."""

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from bsnpp.classification.panels import grid_table, members_table
from bsnpp.classification.scores import align_scores, fuse_scores
from bsnpp.classification.settings import WeightSearchSettings
from bsnpp.classification.targets import true_classes
from bsnpp.classification.weight_search import search_weights
from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.errors import Faults, UserError
from bsnpp.core.files import whole_file
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.detection.map_proposals import decoded, read_batches
from bsnpp.detection.relabelling import Relabelling
from bsnpp.detection.settings import DetectionSettings
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.stores.class_scores import ClassScores, read_score_file, write_panel_file
from bsnpp.stores.maps import open_fused
from bsnpp.stores.tables import read_table


class WeighSettings(Settings):
    """What this script reads; detection and evaluation for the metric average_map alone."""

    search: WeightSearchSettings
    weights: Literal["search", "best", "equal"]
    detection: DetectionSettings | None = None
    evaluation: EvaluationSettings | None = None


def main() -> None:
    """Parse the command line, search, and fuse both subsets."""
    parser = command_line(__doc__)
    parser.add_argument("--members", required=True, nargs="+", help="names of the classifiers")
    parser.add_argument("--models", required=True, nargs="+", help="model of each: modalities share one")
    parser.add_argument("--validation", required=True, nargs="+", help="validation scores of each")
    parser.add_argument("--testing", required=True, nargs="+", help="test scores of each")
    parser.add_argument("--videos", required=True, nargs=2, help="tables of the validation and test videos")
    parser.add_argument("--classes", required=True, help="class list of the challenge")
    parser.add_argument("--instances", required=True, help="table of the validation instances")
    parser.add_argument("--maps", nargs="?", help="fused validation maps, for the metric average_map")
    parser.add_argument("--weights", required=True, help="table to write: member, score, weight, ...")
    parser.add_argument("--grid", required=True, help="table to write: every weighting tried, with its score")
    parser.add_argument("--fused", required=True, nargs=2, help="panel files to write: validation, testing")
    parser.add_argument("--settings", required=True, help="JSON: search, weights; detection, evaluation")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, WeighSettings)
    classes = read_classes(arguments.classes)
    tables = [read_table(path) for path in arguments.videos]
    validation, testing = _aligned(
        arguments.members, (arguments.validation, arguments.testing), tables, classes
    )
    instances = read_table(arguments.instances)
    search = search_weights(
        np.stack([member.logits for member in validation]),
        true_classes(instances, validation[0].videos, classes),
        settings.search,
        settings.weights,
        arguments.models,
        _relabelling(arguments.maps, tables[0], classes, instances, settings).average_map
        if arguments.maps
        else None,
    )
    log.info("%s: %.4f with the weights %s", settings.search.metric, search.score, search.weights)
    log.info("%d weightings tried, %d of them the best", len(search.grid), search.plateau.sum())
    _write(arguments.weights, members_table(search, arguments.members))
    _write(arguments.grid, grid_table(search, arguments.members))
    for members, fused in zip((validation, testing), arguments.fused, strict=True):
        probability = fuse_scores(members, search.weights, search.temperatures)
        write_panel_file(fused, members[0].videos, classes, probability)


def _aligned(
    members: Sequence[str], files: Iterable[Sequence[str]], tables: Iterable[pd.DataFrame], classes: list[str]
) -> list[list[ClassScores]]:
    """Scores of each subset, by the same videos and classes; the faults of all subsets are told together."""
    faults, aligned = Faults("scores of a panel's classifiers"), []
    for paths, table in zip(files, tables, strict=True):
        scores = dict(zip(members, map(read_score_file, paths), strict=True))
        try:
            aligned.append(align_scores(scores, list(table["video"]), classes))
        except UserError as error:
            faults.add(str(error))
    faults.raise_if_any()
    return aligned


def _relabelling(
    path: str, videos: pd.DataFrame, classes: Sequence[str], instances: pd.DataFrame, settings: WeighSettings
) -> Relabelling:
    """What scores class probabilities by the detections that they make of the fused maps' proposals."""
    maps, detection = open_fused(path), settings.detection or DetectionSettings()
    thresholds = (settings.evaluation or EvaluationSettings()).tiou_thresholds
    proposals = decoded(read_batches(maps), maps.grid, detection)
    return Relabelling(proposals, videos, classes, instances, detection, thresholds)


def _write(path: str, table: pd.DataFrame) -> None:
    with whole_file(path) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")


if __name__ == "__main__":
    run(main)
