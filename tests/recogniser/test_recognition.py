"""Calibration of recognised scores."""

import numpy as np
import pandas as pd
import pytest

from bsnpp.core.calibration import UNCHANGED, isotonic_calibration
from bsnpp.detection.labelling_settings import LabellingSettings
from bsnpp.recogniser.detections import RecognisedRecording, recognised_recordings, recognised_tables
from bsnpp.recogniser.evidence import recognise
from bsnpp.recogniser.recogniser import Recogniser, train_recogniser
from bsnpp.recogniser.recognition import calibrate
from bsnpp.recogniser.segments import best_overlap
from tests.recogniser.recordings import SECONDS, SETTINGS, world

CLASSES = ["run", "walk"]
VALIDATION, TRUTH = world(1, 4)
INSTANCES = pd.DataFrame(
    [
        (video, *segment, CLASSES[label])
        for video, truth in TRUTH.items()
        for segment, label in zip(truth.segments, truth.labels, strict=True)
    ],
    columns=["video", "start", "end", "label"],
)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return train_recogniser(*world(0, 6), CLASSES, SECONDS, SETTINGS, 0)


@pytest.fixture(scope="module")
def results(recogniser: Recogniser) -> list[RecognisedRecording]:
    evidence = recognise(recogniser, VALIDATION, None, None)
    return recognised_recordings(evidence, SETTINGS, LabellingSettings(classes_per_video=1, per_video=50))


def test_a_calibrated_score_is_the_mean_tiou_with_instances_of_its_class(
    recogniser: Recogniser, results: list[RecognisedRecording]
) -> None:
    raw, proposals = recognised_tables(results, UNCHANGED, CLASSES)
    calibration = calibrate(recogniser, results, INSTANCES).calibration
    calibrated, same = recognised_tables(results, calibration, CLASSES)
    tiou = []
    for row in raw.itertuples():
        truth = TRUTH[row.video]
        own = truth.segments[truth.labels == CLASSES.index(row.label)]
        tiou.append(best_overlap(np.array([[row.start, row.end]]), own)[0][0])
    expected = isotonic_calibration(raw["score"].to_numpy(), np.array(tiou))(raw["score"].to_numpy())
    np.testing.assert_allclose(calibrated["score"], expected, atol=1e-12)
    ranked = calibrated["score"].to_numpy()[np.argsort(raw["score"], kind="stable")]
    assert (np.diff(ranked) >= 0).all() and len(np.unique(ranked)) > 3
    pd.testing.assert_frame_equal(calibrated.drop(columns="score"), raw.drop(columns="score"))
    pd.testing.assert_frame_equal(proposals, same)


def test_without_a_right_detection_scores_become_ranks(
    recogniser: Recogniser, results: list[RecognisedRecording]
) -> None:
    with pytest.warns(UserWarning, match="no detection overlaps"):
        ranks = calibrate(recogniser, results, INSTANCES.iloc[:0]).calibration
    raw, _ = recognised_tables(results, UNCHANGED, CLASSES)
    assert ranks(np.array([raw["score"].max()]))[0] == 1.0


def test_without_recordings_nothing_is_calibrated(recogniser: Recogniser) -> None:
    assert calibrate(recogniser, [], INSTANCES) is recogniser
