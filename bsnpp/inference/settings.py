"""Settings of inference."""

from pydantic import Field

from bsnpp.core.settings import Settings


class InferenceSettings(Settings):
    """How maps are predicted."""

    batch_size: int = Field(16, ge=1, description="videos that pass the model together")
