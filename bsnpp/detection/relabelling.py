"""Average mAP of the same proposals under many class probabilities: what a search over classifiers asks."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from bsnpp.detection.decode import Proposals
from bsnpp.detection.per_label import class_agnostic
from bsnpp.detection.settings import DetectionSettings
from bsnpp.detection.tables import proposals_table
from bsnpp.evaluation.detection import evaluate_detections


class Relabelling:
    """Proposals that are suppressed once, and labelled as often as asked.

    With one class vector for a video, every label keeps the proposals that suppression without classes keeps,
    and their scores only differ by the factor of the class (conventions, section 6): so the detections are
    those of `fuse_classes` and `suppress_per_label`, to rounding.

    Parameters
    ----------
    proposals
        Video and its proposals, not suppressed.
    videos : pd.DataFrame
        Columns video and extent (seconds): those with a row of class probabilities, in that order.
    classes
        K names.
    instances : pd.DataFrame
        Columns video, start, end (seconds), label.
    settings
        Keys `nms`, `per_video`, `classes_per_video` and `class_fusion`.
    thresholds
        tIoU over which mAP is averaged.
    """

    def __init__(
        self,
        proposals: Iterable[tuple[str, Proposals]],
        videos: pd.DataFrame,
        classes: Sequence[str],
        instances: pd.DataFrame,
        settings: DetectionSettings,
        thresholds: Sequence[float],
    ) -> None:
        self.classes = np.array(classes, dtype=object)
        self.instances = instances
        self.settings = settings
        self.thresholds = thresholds
        # The root of p c is the root of p times that of c; suppression sees it.
        self._root = np.sqrt if settings.class_fusion == "sqrt" else np.asarray
        extent = dict(zip(videos["video"], videos["extent"], strict=True))
        kept = [
            (
                video,
                class_agnostic(
                    Proposals(found.segments, self._root(found.scores)), settings.nms, settings.per_video
                ),
            )
            for video, found in proposals
        ]
        self.table = proposals_table(kept, extent)
        self.row = (
            self.table["video"].map({video: row for row, video in enumerate(videos["video"])}).to_numpy()
        )

    def average_map(self, probability: np.ndarray) -> float:
        """Average mAP, in [0, 1], if the videos' class probabilities are (N, K)."""
        found = evaluate_detections(self.instances, self.detections(probability), self.thresholds)
        return found.average_map

    def detections(self, probability: np.ndarray) -> pd.DataFrame:
        """The `per_video` best detections of every video: columns video, label, score, start, end."""
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
