"""Weigh the members of a blend by how well their proposals find the instances of the validation videos."""

from collections.abc import Mapping

import pandas as pd

from bsnpp.core.commandline import command_line, log, progress, run
from bsnpp.core.files import whole_file
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.detection.map_proposals import decoded
from bsnpp.detection.per_label import class_agnostic
from bsnpp.detection.settings import DetectionSettings
from bsnpp.detection.tables import proposals_table
from bsnpp.evaluation.detection import evaluate_detections
from bsnpp.evaluation.proposals import average_recall
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.fusion.blend_files import check_missing, common_grid, fused_batches, open_members
from bsnpp.fusion.settings import FusionSettings
from bsnpp.fusion.weights import weigh_members, weights_table
from bsnpp.stores.maps import ProposalMaps
from bsnpp.stores.tables import read_table


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
    parser.add_argument("--weights", required=True, help="table to write: member, score, weight, fused")
    parser.add_argument("--settings", required=True, help="JSON: fusion, detection, evaluation")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, WeighSettings)
    videos, instances = read_table(arguments.videos), read_table(arguments.instances)
    files = open_members(dict(zip(arguments.members, arguments.maps, strict=True)))

    def score(weights: Mapping[str, float]) -> float:
        found = _score(_proposals(files, weights, videos, settings), videos, instances, settings)
        shown = ", ".join(f"{name} {weight:.3f}" for name, weight in weights.items() if weight)
        log.info("%s %.4f: %s", settings.fusion.metric, found, shown)
        return found

    scores = {member: score({member: 1.0}) for member in files}
    weights, fused = weigh_members(scores, score, settings.fusion)
    with whole_file(arguments.weights) as temporary:
        weights_table(scores, weights, fused).to_csv(temporary, index=False, lineterminator="\n")


def _proposals(
    files: Mapping[str, ProposalMaps],
    weights: Mapping[str, float],
    videos: pd.DataFrame,
    settings: WeighSettings,
) -> pd.DataFrame:
    """Suppressed proposals of the fused maps of every video that a weighted member has."""
    used = {name: file for name, file in files.items() if weights.get(name, 0.0) > 0}
    names = sorted({video for file in used.values() for video in file.videos})
    check_missing(names, used, settings.fusion)
    batches = fused_batches(names, used, weights, settings.fusion)
    kept = settings.evaluation.proposals_per_video
    found = progress(decoded(batches, common_grid(used), settings.detection), len(names), "videos")
    suppressed = [(video, class_agnostic(part, settings.detection.nms, kept)) for video, part in found]
    return proposals_table(suppressed, dict(zip(videos["video"], videos["extent"], strict=True)))


def _score(
    proposals: pd.DataFrame, videos: pd.DataFrame, instances: pd.DataFrame, settings: WeighSettings
) -> float:
    """The key `fusion.metric` of proposals, a share."""
    thresholds, kept = settings.evaluation.tiou_thresholds, settings.evaluation.proposals_per_video
    if settings.fusion.metric == "average_map":
        true_labels = instances[["video", "label"]].drop_duplicates()
        detections = proposals.merge(true_labels, on="video")
        return evaluate_detections(instances, detections, thresholds).average_map
    recall = average_recall(instances, proposals, list(videos["video"]), kept, thresholds)
    return recall.auc if settings.fusion.metric == "auc" else recall.ar_at(100)


if __name__ == "__main__":
    run(main)
