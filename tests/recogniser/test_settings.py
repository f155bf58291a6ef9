"""The settings of the recogniser, and their alternatives."""

import pytest
from pydantic import ValidationError

from bsnpp.recogniser.settings import RecognitionSettings


def test_alternatives_are_all_combinations_the_plainest_first() -> None:
    options = RecognitionSettings.model_validate(
        {"tiou_power": 3.0, "candidates": {"encoders": [["a"], ["a", "b"]], "refine": [False, True]}}
    )
    alternatives = [(one.encoders, one.refine, one.tiou_power) for one in options.alternatives]
    assert alternatives == [
        (("a",), False, 3.0), (("a",), True, 3.0), (("a", "b"), False, 3.0), (("a", "b"), True, 3.0)
    ]  # fmt: skip
    assert RecognitionSettings().alternatives == [RecognitionSettings()]


def test_a_panel_weight_needs_a_panel() -> None:
    with pytest.raises(ValidationError, match="needs a `panel`"):
        RecognitionSettings.model_validate({"candidates": {"panel_weight": [0.0, 0.5]}})


def test_negative_must_not_be_above_positive() -> None:
    with pytest.raises(ValidationError, match="must not be above positive"):
        RecognitionSettings(negative=0.6, positive=0.5)
