"""Weigh the members of a blend by how well their proposals find the instances of the validation videos."""

from collections.abc import Iterator

import numpy as np
from commandline import command_line, log, progress, run

from bsnpp.annotations import read_table
from bsnpp.detection.decode import Proposals, decode
from bsnpp.detection.ensemble import class_agnostic
from bsnpp.detection.settings import DetectionSettings
from bsnpp.detection.tables import proposals_table
from bsnpp.evaluation.proposals import average_recall
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.files import whole_file
from bsnpp.fusion.blend import boundary_map
from bsnpp.fusion.settings import FusionSettings
from bsnpp.fusion.weights import member_weights, weights_table
from bsnpp.inference.maps import open_member
from bsnpp.settings import Settings, parse_settings


class WeighSettings(Settings):
    """What this script reads."""

    fusion: FusionSettings
    detection: DetectionSettings
    evaluation: EvaluationSettings


def main() -> None:
    """Parse the command line and write the table of weights."""
    parser = command_line(__doc__)
    parser.add_argument("--members", required=True, nargs="+", help="names of the members")
    parser.add_argument(
        "--maps", required=True, nargs="+", help="validation maps of each, at the training scale"
    )
    parser.add_argument("--videos", required=True, help="table of the validation videos")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--weights", required=True, help="table to write: member, score, weight")
    parser.add_argument("--settings", required=True, help="JSON: fusion, detection, evaluation")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, WeighSettings)
    videos, instances = read_table(arguments.videos), read_table(arguments.instances)
    extent = dict(zip(videos["video"], videos["extent"], strict=True))
    scores = {}
    for member, path in zip(arguments.members, arguments.maps, strict=True):
        proposals = proposals_table(_proposals(path, settings), extent)
        recall = average_recall(
            instances,
            proposals,
            list(videos["video"]),
            settings.evaluation.proposals_per_video,
            settings.evaluation.tiou_thresholds,
        )
        scores[member] = recall.auc if settings.fusion.metric == "auc" else recall.ar_at(100)
        log.info("%s: %s %.4f", member, settings.fusion.metric, scores[member])
    table = weights_table(scores, member_weights(scores, settings.fusion))
    with whole_file(arguments.weights) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")


def _proposals(path: str, settings: WeighSettings) -> Iterator[tuple[str, Proposals]]:
    """Suppressed proposals of every video of a member's map file."""
    maps, options = open_member(path), settings.detection
    for row, video in enumerate(progress(maps.videos, len(maps.videos), "videos")):
        boundary, confidence = (array[0] for array in maps.read([row]))
        stacked = np.concatenate([boundary_map(boundary, maps.grid)[None], confidence])
        proposals = decode(boundary, stacked, maps.grid, options)
        yield video, class_agnostic(proposals, options.nms, settings.evaluation.proposals_per_video)


if __name__ == "__main__":
    run(main)
