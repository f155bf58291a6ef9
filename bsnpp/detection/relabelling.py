"""Score class probabilities by the average mAP of the same proposals, for the search over classifiers."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from bsnpp.detection.labelling_settings import LabellingSettings
from bsnpp.detection.per_label import suppress_class_agnostic
from bsnpp.detection.scored_segments import Proposals
from bsnpp.detection.tables import proposals_table
from bsnpp.evaluation.detection import evaluate_detections


class Relabelling:
    """Proposals that are suppressed once and then labelled many times.

    With one class vector per video, every label keeps the proposals that class-agnostic suppression keeps,
    and their scores differ only by a factor that depends on the class (conventions, section 6). So the
    detections equal those of `fuse_classes` and `suppress_per_label` up to rounding.

    Parameters
    ----------
    proposals : iterable of (str, Proposals)
        Id and unsuppressed proposals of each video.
    videos : DataFrame[video, extent]
        The N videos, in the order of the rows of class probabilities; extent in seconds.
    classes : sequence of str
        The K class names in canonical order.
    instances : DataFrame[video, start, end, label]
        Ground truth; start and end in seconds.
    settings : LabellingSettings
        Keys `nms`, `per_video`, `classes_per_video` and `class_fusion`.
    thresholds : sequence of float
        tIoU thresholds over which mAP is averaged.
    """

    def __init__(
        self,
        proposals: Iterable[tuple[str, Proposals]],
        videos: pd.DataFrame,
        classes: Sequence[str],
        instances: pd.DataFrame,
        settings: LabellingSettings,
        thresholds: Sequence[float],
    ) -> None:
        self.classes = np.array(classes, dtype=object)
        self.instances = instances
        self.settings = settings
        self.thresholds = thresholds
        # sqrt(p c) = sqrt(p) sqrt(c): suppression sees sqrt(p).
        self._root = np.sqrt if settings.class_fusion == "sqrt" else np.asarray
        extent = dict(zip(videos["video"], videos["extent"], strict=True))
        rooted = ((video, Proposals(one.segments, self._root(one.scores))) for video, one in proposals)
        self.table = proposals_table(
            (video, extent[video], suppress_class_agnostic(one, settings.nms, settings.per_video))
            for video, one in rooted
        )
        self.row = (
            self.table["video"].map({video: row for row, video in enumerate(videos["video"])}).to_numpy()
        )

    def average_map(self, probability: np.ndarray) -> float:
        """Compute the average mAP, a share in [0, 1], of class probabilities: float (N, K)."""
        scores = evaluate_detections(self.instances, self.detections(probability), self.thresholds)
        return scores.average_map

    def detections(self, probability: np.ndarray) -> pd.DataFrame:
        """Tabulate the `per_video` best detections of every video: video, label, score, start, end."""
        labels = np.argsort(-probability, axis=1, kind="stable")[:, : self.settings.classes_per_video]
        chosen = self._root(np.take_along_axis(probability, labels, axis=1))
        score = (self.table["score"].to_numpy()[:, None] * chosen[self.row]).ravel()  # (proposals, k)
        label, proposal = labels[self.row].ravel(), np.repeat(np.arange(len(self.row)), labels.shape[1])
        row = self.row[proposal]
        order = np.lexsort((label, -score, row))  # by video, best first, as `suppress_per_label` breaks ties
        count = np.bincount(row, minlength=len(probability))
        rank = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
        best = order[rank < self.settings.per_video]
        table = self.table.iloc[proposal[best]].reset_index(drop=True)
        return table.assign(score=score[best], label=self.classes[label[best]])
