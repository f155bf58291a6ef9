"""Scores of recognised detections: factors, mixture of classes, and suppression."""

import numpy as np
import pytest

from bsnpp.core.calibration import UNCHANGED
from bsnpp.detection.labelling_settings import LabellingSettings
from bsnpp.detection.suppression.settings import NMSSettings
from bsnpp.recogniser.detections import (
    recognised_detections,
    recognised_proposals,
    recognised_recordings,
    recognised_tables,
)
from bsnpp.recogniser.evidence import Evidence
from bsnpp.recogniser.recogniser import Recognised
from bsnpp.recogniser.settings import RecognitionSettings

SEGMENTS = np.array([[1.0, 9.0], [20.0, 30.0]])
PROBABILITY = np.array([[0.6, 0.3], [0.1, 0.8]])
PANEL = np.array([[0.0, 1.0], [0.2, 0.4]])
RECOGNISED = Recognised(np.array([0, 2]), SEGMENTS, PROBABILITY, np.array([0.5, 0.9]))
DETECTION = LabellingSettings(classes_per_video=1, per_video=5, nms=NMSSettings(sigma=0.4))


def evidence(panel: np.ndarray | None) -> Evidence:
    return Evidence(RECOGNISED, np.array([0.25, 0.16]), panel, 40.0)


def test_a_score_is_a_product_of_powers() -> None:
    options = RecognitionSettings(tiou_power=2.0, generator_power=0.5)
    detections = recognised_detections(evidence(None), options, DETECTION)
    assert detections.labels.tolist() == [1, 0]
    np.testing.assert_allclose(detections.scores, [0.8 * 0.81 * 0.4, 0.6 * 0.25 * 0.5])
    np.testing.assert_allclose(detections.segments * 40.0, SEGMENTS[::-1])
    proposals = recognised_proposals(evidence(None), options, DETECTION)
    np.testing.assert_allclose(proposals.scores, [0.9 * 0.81 * 0.4, 0.9 * 0.25 * 0.5])


@pytest.mark.parametrize("weight", [0.0, 0.25, 1.0])
def test_a_panel_is_mixed_by_its_weight(weight: float) -> None:
    options = RecognitionSettings(panel_weight=weight)
    expected = (1 - weight) * PROBABILITY + weight * PANEL
    np.testing.assert_allclose(evidence(PANEL).probability(options), expected)
    labels = recognised_detections(evidence(PANEL), options, DETECTION).labels
    assert sorted(labels) == sorted(expected.argmax(axis=1))


def test_its_own_sigma_replaces_that_of_detection() -> None:
    close = Recognised(
        RECOGNISED.rows, np.array([[1.0, 9.0], [2.0, 10.0]]), PROBABILITY[[0, 0]], RECOGNISED.tiou
    )
    both = Evidence(close, np.ones(2), None, 40.0)
    iou = 7.0 / 9.0
    for own, sigma in ((None, 0.4), (0.1, 0.1)):
        detections = recognised_detections(both, RecognitionSettings(nms_sigma=own), DETECTION)
        np.testing.assert_allclose(detections.scores, [0.6 * 0.9, 0.6 * 0.5 * np.exp(-(iou**2) / sigma)])


@pytest.mark.parametrize(("own", "number"), [(None, 1), (2, 2)])
def test_its_own_number_of_classes_replaces_that_of_detection(own: int | None, number: int) -> None:
    options = RecognitionSettings(classes_per_segment=own)
    labels = recognised_detections(evidence(None), options, DETECTION).labels
    assert sorted(labels) == sorted([0, 1] * number)


def test_tables_are_in_seconds_of_each_recording() -> None:
    options = RecognitionSettings()
    recordings = recognised_recordings([("r", evidence(None))], options, DETECTION)
    detections, proposals = recognised_tables(recordings, UNCHANGED, ["a", "b"])
    expected = recognised_detections(evidence(None), options, DETECTION)
    assert detections["label"].tolist() == ["b", "a"] and set(detections["video"]) == {"r"}
    np.testing.assert_array_equal(detections["score"], expected.scores)
    np.testing.assert_allclose(detections[["start", "end"]], SEGMENTS[::-1])
    np.testing.assert_array_equal(
        proposals["score"], recognised_proposals(evidence(None), options, DETECTION).scores
    )
