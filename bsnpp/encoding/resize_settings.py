"""Settings of the resizing of frames."""

from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Settings


class ResizeSettings(Settings):
    """Resize frames."""

    short_side: int = Field(
        256, ge=8, le=4096, description="Length of the shorter side after resizing, keeping the shape [pixel]"
    )
    interpolation: Literal["bilinear", "bicubic", "area"] = Field(
        "bilinear", description="Interpolation of the resizing"
    )
