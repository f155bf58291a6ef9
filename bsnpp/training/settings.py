"""Settings of training; the defaults are the paper's (sections 3.4, 4.1 and 5.1).

Those of labels, losses and the sampling of proposals come from `bsnpp.models.loss_settings`.
"""

from typing import Any, Literal

from pydantic import Field, model_validator

from bsnpp.core.settings import Settings
from bsnpp.models.loss_settings import LossSettings

RECIPES: dict[str, dict[str, Any]] = {
    "paper": {},
    "small_data": {"confidence_loss": "bands", "reversal": 0.5},
}
"""Keys of `TrainingSettings` that each recipe sets; others keep the paper's defaults."""


class LearningStage(Settings):
    """Some epochs at one learning rate."""

    epochs: int = Field(ge=1, description="Epochs of this stage")
    learning_rate: float = Field(gt=0, description="Learning rate of Adam in this stage")


class ScheduleSettings(Settings):
    """Optimisation of a generator."""

    stages: tuple[LearningStage, ...] = Field(
        (LearningStage(epochs=7, learning_rate=1e-3), LearningStage(epochs=3, learning_rate=1e-4)),
        min_length=1,
        description="Epochs and learning rates, one stage after the other",
    )
    batch_size: int = Field(16, ge=1, description="Videos per batch")
    weight_decay: float = Field(1e-4, ge=0, description="Gamma of Eq. 5, applied by Adam")

    @property
    def epochs(self) -> int:
        """Total number of epochs."""
        return sum(stage.epochs for stage in self.stages)

    def learning_rate(self, epoch: int) -> float:
        """Return the learning rate of epoch 0, 1, ...

        Raises
        ------
        ValueError
            If there are fewer epochs.
        """
        for stage in self.stages:
            if epoch < stage.epochs:
                return stage.learning_rate
            epoch -= stage.epochs
        raise ValueError(f"training ends before epoch {epoch}")


class TrainingSettings(LossSettings, ScheduleSettings):
    """Training of one generator: schedule, labels and losses."""

    recipe: Literal["paper", "small_data"] = Field(
        "paper",
        exclude=True,  # the keys that it sets are dumped
        description="Preset; keys that you set override it. paper: the paper's reading; small_data: "
        "`confidence_loss: bands` and `reversal: 0.5`, better for BSN++ on few recordings",
    )
    reversal: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Share of the training videos that run backwards in an epoch, with starts and ends "
        "swapped (not in the paper)",
    )
    averaged_epochs: int = Field(
        1,
        ge=1,
        description="Number of last epochs whose weights are averaged, before every validation and in the "
        "model that is kept; 1: no averaging (paper)",
    )
    select: Literal["best", "last"] = Field(
        "best", description="Keep the epoch with the lowest validation loss, or the last one"
    )

    @model_validator(mode="before")
    @classmethod
    def _follow_recipe(cls, value: Any) -> Any:
        """Set the keys of the recipe that are not given."""
        recipe = value.get("recipe") if isinstance(value, dict) else None
        return {**RECIPES[recipe], **value} if isinstance(recipe, str) and recipe in RECIPES else value
