"""Training settings: the schedule of the learning rate."""

import pytest
from pydantic import ValidationError

from bsnpp.training.settings import LearningStage, TrainingSettings


def test_the_default_schedule_is_the_paper_s() -> None:
    settings = TrainingSettings()
    assert settings.epochs == 10
    assert [settings.learning_rate(epoch) for epoch in range(10)] == [1e-3] * 7 + [1e-4] * 3


def test_stages_follow_one_another() -> None:
    stages = tuple(LearningStage(epochs=n, learning_rate=rate) for n, rate in [(1, 0.1), (2, 0.2), (1, 0.3)])
    settings = TrainingSettings(stages=stages)
    assert [settings.learning_rate(epoch) for epoch in range(4)] == [0.1, 0.2, 0.2, 0.3]
    with pytest.raises(ValueError, match="ends before epoch"):
        settings.learning_rate(4)


def test_training_needs_a_stage() -> None:
    with pytest.raises(ValidationError, match="stages"):
        TrainingSettings(stages=())
