"""Settings of the encoding stage."""

from pydantic import Field

from bsnpp.core.settings import Settings


class EncodingSettings(Settings):
    """How videos are encoded, whatever the network."""

    batch_size: int = Field(16, ge=1, le=4096, description="Clips that pass the network together")
    min_coverage: float = Field(
        0.95,
        ge=0,
        le=1,
        description="Share of a video that must be decoded, of the duration that its file claims; a video "
        "with less is an error",
    )
