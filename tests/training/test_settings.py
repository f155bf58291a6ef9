"""Training settings: the schedule of the learning rate, and invalid values."""

import pytest
from pydantic import ValidationError

from bsnpp.models.loss_settings import ResamplingSettings
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


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("thresholds", {"positive": 0.2}, r"negative \(0.3\) must not be above positive \(0.2\)"),
        ("balance_range", (1.0, 21.0), "two numbers above 1"),
        ("balance_range", (3.0, 2.0), "the lower one first"),
        ("resampling", {"regions": (0.7, 0.3)}, "must be ascending numbers between 0 and 1"),
        ("resampling", {"regions": (0.3, 1.0)}, "must be ascending numbers between 0 and 1"),
        ("resampling", {"regions": ()}, "at least 1"),
    ],
)
def test_numbers_in_the_wrong_order_are_refused(key: str, value: object, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        TrainingSettings.model_validate({key: value})


def test_expecting_changes_only_the_sampling() -> None:
    settings = TrainingSettings(batch_size=3, resampling=ResamplingSettings(scale_ratio=0.2))
    expected = TrainingSettings(
        batch_size=3, resampling=ResamplingSettings(scale_ratio=0.2, expectation=True)
    )
    assert settings.expecting() == expected == expected.expecting()


def test_a_recipe_sets_the_keys_that_are_not_given() -> None:
    small = TrainingSettings.model_validate({"recipe": "small_data"})
    assert (small.confidence_loss, small.reversal) == ("bands", 0.5)
    assert TrainingSettings.model_validate({"recipe": "paper"}) == TrainingSettings()
    given = TrainingSettings.model_validate({"recipe": "small_data", "reversal": 0.2, "batch_size": 4})
    assert (given.confidence_loss, given.reversal, given.batch_size) == ("bands", 0.2, 4)


def test_the_keys_of_a_recipe_are_written_in_place_of_its_name() -> None:
    small = TrainingSettings.model_validate({"recipe": "small_data"})
    dumped = small.model_dump(mode="json")
    assert "recipe" not in dumped and dumped["confidence_loss"] == "bands"
    assert TrainingSettings.model_validate(dumped).model_dump() == small.model_dump()


@pytest.mark.parametrize("recipe", ["large", None, ["paper"]])
def test_an_unknown_recipe_is_refused(recipe: object) -> None:
    with pytest.raises(ValidationError, match="recipe"):
        TrainingSettings.model_validate({"recipe": recipe})
