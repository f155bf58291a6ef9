"""Settings of inference."""

from pydantic import Field

from bsnpp.core.settings import Settings


class InferenceSettings(Settings):
    """Prediction of maps."""

    batch_size: int = Field(16, ge=1, description="Videos per batch")
