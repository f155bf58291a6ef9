"""Settings of images before they enter a network."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bsnpp.encoding.resize_settings import ResizeSettings

Triple = tuple[float, float, float]


class ImageSettings(ResizeSettings):
    """Resize, crop and normalise images."""

    size: int = Field(224, ge=8, le=4096, description="Side of the square that the network sees [pixel]")
    crops: Literal["center", "three", "five"] = Field(
        "center",
        description="Squares that are cut out, whose features are averaged. center: the centre; three: along "
        "the longer side; five: the corners and the centre",
    )
    mean: Triple = Field(
        (0.485, 0.456, 0.406), description="Mean of each channel, in the order of `channels`, in [0, 1]"
    )
    deviation: Triple = Field(
        (0.229, 0.224, 0.225), description="Standard deviation of each channel, in the same order and range"
    )
    channels: Literal["rgb", "bgr"] = Field("rgb", description="Order of the channels")
    full_range: bool = Field(
        False, description="Whether the network reads values in [0, 255] instead of [0, 1]"
    )

    @model_validator(mode="after")
    def _crop_fits(self) -> Self:
        if self.size > self.short_side:
            raise ValueError(f"size ({self.size}) must not be above short_side ({self.short_side})")
        if min(self.deviation) <= 0:
            raise ValueError(f"deviation must be above 0, not {self.deviation}")
        return self
