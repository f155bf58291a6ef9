"""Soft-NMS of a few segments, worked out by hand, and its settings and input checks."""

import numpy as np
import pytest
from pydantic import ValidationError

from bsnpp.detection.settings import DetectionSettings
from bsnpp.detection.suppression.settings import NMSSettings
from bsnpp.detection.suppression.soft_nms import soft_nms

BMN = NMSSettings.model_validate("bmn")


def test_gaussian_decay_by_hand() -> None:
    segments = np.array([[0.0, 0.4], [0.2, 0.6], [0.7, 0.9]])
    rows, values = soft_nms(segments, np.array([0.9, 0.8, 0.5]), NMSSettings(sigma=0.5), 3)
    assert rows.tolist() == [0, 1, 2]
    assert values == pytest.approx([0.9, 0.8 * np.exp(-((1 / 3) ** 2) / 0.5), 0.5])


def test_linear_decay_by_hand() -> None:
    segments = np.array([[0.0, 0.4], [0.2, 0.6], [0.7, 0.9]])
    rows, values = soft_nms(segments, np.array([0.9, 0.6, 0.5]), NMSSettings(method="linear"), 3)
    assert rows.tolist() == [0, 2, 1]
    assert values == pytest.approx([0.9, 0.5, 0.6 * 2 / 3])


def test_the_threshold_grows_with_the_length_of_the_selected_segment() -> None:
    # Both pairs have a tIoU of .8. The threshold .5 + .4 * width is .54 for the short pair, .86 for the long.
    narrow = np.array([[0.0, 0.1], [0.0, 0.08]])
    wide = np.array([[0.0, 0.9], [0.0, 0.72]])
    scores = np.array([0.9, 0.8])
    assert soft_nms(narrow, scores, BMN, 2)[1][1] < 0.3
    assert soft_nms(wide, scores, BMN, 2)[1][1] == 0.8


def test_hard_suppression_drops_only_above_the_threshold() -> None:
    segments = np.array([[0.0, 0.5], [0.0, 0.25], [0.0, 0.3]])  # tIoU of .5 and .6 with the first
    rows, _ = soft_nms(segments, np.array([0.9, 0.8, 0.7]), NMSSettings(method="hard", low=0.5, high=0.5), 3)
    assert rows.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("segments", "scores", "keep", "message"),
    [
        ([[0.0, 0.0]], [0.5], 1, "start < end"),
        ([[0.0, np.nan]], [0.5], 1, "start < end"),
        ([[0.0, 1.0]], [np.nan], 1, "score"),
        ([[0.0, 1.0]], [-0.1], 1, "score"),
        ([[0.0, 1.0]], [0.5, 0.4], 1, "segments must be"),
        ([[0.0, 1.0]], [0.5], 0, "keep"),
    ],
)
def test_invalid_input_is_refused(
    segments: list[list[float]], scores: list[float], keep: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        soft_nms(np.array(segments), np.array(scores), NMSSettings(), keep)


def test_the_name_of_a_preset_replaces_the_section() -> None:
    settings = DetectionSettings.model_validate({"nms": "bmn"})
    assert settings.nms == NMSSettings(sigma=0.4, low=0.5, high=0.9)
    assert DetectionSettings.model_validate_json(settings.model_dump_json()) == settings
    with pytest.raises(ValidationError, match="unknown preset; the presets are bsn, bmn"):
        DetectionSettings.model_validate({"nms": "bnm"})


def test_thresholds_that_fall_with_the_length_are_refused() -> None:
    with pytest.raises(ValueError, match="high must be at least low"):
        NMSSettings(low=0.5)
