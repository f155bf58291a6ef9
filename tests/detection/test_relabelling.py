"""Proposals that are suppressed once and then labelled equal those that are labelled and then suppressed."""

from typing import Literal

import numpy as np
import pandas as pd
import pytest

from bsnpp.detection.labelling import fuse_classes
from bsnpp.detection.labelling_settings import LabellingSettings
from bsnpp.detection.per_label import suppress_per_label
from bsnpp.detection.relabelling import Relabelling
from bsnpp.detection.scored_segments import Proposals
from bsnpp.detection.suppression.settings import NMSSettings
from bsnpp.detection.tables import detections_table
from bsnpp.evaluation.detection import evaluate_detections

CLASSES = ["a", "b", "c", "d"]
VIDEOS = pd.DataFrame({"video": ["v2", "v1", "v3"], "extent": [20.0, 10.0, 40.0]})
INSTANCES = pd.DataFrame(
    {
        "video": ["v1", "v2", "v3", "v3"],
        "start": [1.0, 2.0, 5.0, 20.0],
        "end": [6.0, 12.0, 15.0, 39.0],
        "label": ["a", "b", "c", "c"],
    }
)
THRESHOLDS = (0.3, 0.5)


def proposals(random: np.random.Generator) -> list[tuple[str, Proposals]]:
    parts = []
    for video in ("v1", "v3", "v2"):
        count = int(random.integers(5, 60))
        start = random.uniform(0, 0.8, count)
        segments = np.stack([start, start + random.uniform(0.05, 0.2, count)], axis=1)
        parts.append((video, Proposals(segments, random.random(count))))
    return parts


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("how", ["product", "sqrt"])
@pytest.mark.parametrize("method", ["gaussian", "linear", "hard"])
def test_equals_labelling_followed_by_suppression(
    seed: int, how: Literal["product", "sqrt"], method: Literal["gaussian", "linear", "hard"]
) -> None:
    random = np.random.default_rng(seed)
    nms = NMSSettings(method=method, low=0.2, high=0.4)
    settings = LabellingSettings(class_fusion=how, nms=nms, per_video=12, classes_per_video=3)
    given, probability = proposals(random), random.dirichlet(np.ones(4), 3)
    extent = dict(zip(VIDEOS["video"], VIDEOS["extent"], strict=True))
    row = {video: index for index, video in enumerate(VIDEOS["video"])}
    labelled = ((video, fuse_classes(one, probability[row[video]], 3, how)) for video, one in given)
    expected = detections_table(
        ((video, extent[video], suppress_per_label(one, nms, 12)) for video, one in labelled), CLASSES
    )
    relabelling = Relabelling(given, VIDEOS, CLASSES, INSTANCES, settings, THRESHOLDS)
    detections = relabelling.detections(probability)
    keys = ["video", "score"]
    detections, expected = (table.sort_values(keys, ignore_index=True) for table in (detections, expected))
    pd.testing.assert_frame_equal(detections[expected.columns], expected, check_dtype=False, rtol=1e-12)
    score = evaluate_detections(INSTANCES, expected, THRESHOLDS).average_map
    assert relabelling.average_map(probability) == pytest.approx(score, abs=1e-12)


def test_the_true_classes_score_higher_than_wrong_ones() -> None:
    settings = LabellingSettings(classes_per_video=1)
    relabelling = Relabelling(
        proposals(np.random.default_rng(0)), VIDEOS, CLASSES, INSTANCES, settings, THRESHOLDS
    )
    true = np.eye(4)[[1, 0, 2]]  # of v2, v1, v3
    assert relabelling.average_map(true) > 0 == relabelling.average_map(np.eye(4)[[3, 3, 3]])
