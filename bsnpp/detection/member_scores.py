"""Score the members of a blend on validation, alone and fused, by the proposals of their maps."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from bsnpp.core.commandline import log, progress
from bsnpp.detection.decoding_settings import DecodingSettings
from bsnpp.detection.map_proposals import decode_batches
from bsnpp.detection.per_label import suppress_class_agnostic
from bsnpp.detection.tables import proposals_table
from bsnpp.evaluation.detection import evaluate_detections
from bsnpp.evaluation.metric_settings import MetricSettings
from bsnpp.evaluation.proposals import average_recall
from bsnpp.fusion.blend_files import check_missing, common_grid, fused_batches
from bsnpp.fusion.settings import FusionSettings
from bsnpp.stores.maps import ProposalMaps


@dataclass(frozen=True)
class BlendScorer:
    """Scores weighted blends of map files on validation.

    Attributes
    ----------
    files : mapping of str to ProposalMaps
        Validation maps of each member.
    videos : DataFrame[video, extent]
        All validation videos; extent in seconds.
    instances : DataFrame[video, start, end, label]
        Their ground truth; start and end in seconds.
    fusion : FusionSettings
        How maps are fused, and the key `metric`.
    detection : DecodingSettings
        How proposals are decoded, scored and suppressed.
    evaluation : MetricSettings
        Keys `tiou_thresholds` and `proposals_per_video`.
    """

    files: Mapping[str, ProposalMaps]
    videos: pd.DataFrame
    instances: pd.DataFrame
    fusion: FusionSettings
    detection: DecodingSettings
    evaluation: MetricSettings

    def score(self, weights: Mapping[str, float]) -> float:
        """Fuse the members with the given weights and compute `fusion.metric`, a share in [0, 1].

        It is 0 if no video has an annotation.
        """
        if self.instances.empty:
            return 0.0
        score = self._metric(self.proposals(weights))
        shown = ", ".join(f"{name} {weight:.3f}" for name, weight in weights.items() if weight)
        log.info("%s %.4f: %s", self.fusion.metric, score, shown)
        return score

    def proposals(self, weights: Mapping[str, float]) -> pd.DataFrame:
        """Tabulate the suppressed proposals of every video that a member of positive weight has."""
        used = {name: file for name, file in self.files.items() if weights.get(name, 0.0) > 0}
        names = sorted({video for file in used.values() for video in file.videos})
        check_missing(names, used, self.fusion)
        batches = fused_batches(names, used, weights, self.fusion)
        decoded = progress(decode_batches(batches, common_grid(used), self.detection), len(names), "videos")
        extent = dict(zip(self.videos["video"], self.videos["extent"], strict=True))
        nms, kept = self.detection.nms, self.evaluation.proposals_per_video
        return proposals_table(
            (video, extent[video], suppress_class_agnostic(proposals, nms, kept))
            for video, proposals in decoded
        )

    def _metric(self, proposals: pd.DataFrame) -> float:
        """Compute `fusion.metric`; for mAP the annotated classes of the video are the labels."""
        thresholds, kept = self.evaluation.tiou_thresholds, self.evaluation.proposals_per_video
        if self.fusion.metric == "average_map":
            true_labels = self.instances[["video", "label"]].drop_duplicates()
            detections = proposals.merge(true_labels, on="video")
            return evaluate_detections(self.instances, detections, thresholds).average_map
        recall = average_recall(self.instances, proposals, list(self.videos["video"]), kept, thresholds)
        return recall.auc if self.fusion.metric == "auc" else recall.ar_at(100)
