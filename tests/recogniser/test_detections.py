"""Detections from recognised segments: what each score is made of."""

import numpy as np
import pytest

from bsnpp.detection.settings import DetectionSettings, NMSSettings
from bsnpp.recogniser.detections import Evidence, recognised_detections, recognised_proposals
from bsnpp.recogniser.recogniser import Recognised
from bsnpp.recogniser.settings import RecognitionSettings

SEGMENTS = np.array([[1.0, 9.0], [20.0, 30.0]])
PROBABILITY = np.array([[0.6, 0.3], [0.1, 0.8]])
PANEL = np.array([[0.0, 1.0], [0.2, 0.4]])
FOUND = Recognised(np.array([0, 2]), SEGMENTS, PROBABILITY, np.array([0.5, 0.9]))
DETECTION = DetectionSettings(classes_per_video=1, per_video=5, nms=NMSSettings(sigma=0.4))


def evidence(panel: np.ndarray | None) -> Evidence:
    return Evidence(FOUND, np.array([0.25, 0.16]), panel, 40.0)


def test_a_score_is_a_product_of_powers() -> None:
    options = RecognitionSettings(tiou_power=2.0, generator_power=0.5)
    found = recognised_detections(evidence(None), options, DETECTION)
    assert found.labels.tolist() == [1, 0]
    np.testing.assert_allclose(found.scores, [0.8 * 0.81 * 0.4, 0.6 * 0.25 * 0.5])
    np.testing.assert_allclose(found.segments * 40.0, SEGMENTS[::-1])
    proposals = recognised_proposals(evidence(None), options, DETECTION)
    np.testing.assert_allclose(proposals.scores, [0.9 * 0.81 * 0.4, 0.9 * 0.25 * 0.5])


@pytest.mark.parametrize("weight", [0.0, 0.25, 1.0])
def test_a_panel_counts_by_its_weight(weight: float) -> None:
    options = RecognitionSettings(panel_weight=weight)
    expected = (1 - weight) * PROBABILITY + weight * PANEL
    np.testing.assert_allclose(evidence(PANEL).probability(options), expected)
    labels = recognised_detections(evidence(PANEL), options, DETECTION).labels
    assert sorted(labels) == sorted(expected.argmax(axis=1))


def test_its_own_width_of_suppression_goes_before() -> None:
    close = Recognised(FOUND.rows, np.array([[1.0, 9.0], [2.0, 10.0]]), PROBABILITY[[0, 0]], FOUND.tiou)
    both = Evidence(close, np.ones(2), None, 40.0)
    iou = 7.0 / 9.0
    for own, sigma in ((None, 0.4), (0.1, 0.1)):
        found = recognised_detections(both, RecognitionSettings(nms_sigma=own), DETECTION)
        np.testing.assert_allclose(found.scores, [0.6 * 0.9, 0.6 * 0.5 * np.exp(-(iou**2) / sigma)])
