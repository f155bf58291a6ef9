"""Settings of inference."""

from pydantic import Field

from bsnpp.core.settings import Settings


class InferenceSettings(Settings):
    """Prediction of maps."""

    batch_size: int = Field(16, ge=1, description="Videos per batch")
    reversal: bool = Field(
        False,
        description="Also predict the videos backwards, and average both maps (not in the paper); for models "
        "trained with `training.reversal`",
    )
