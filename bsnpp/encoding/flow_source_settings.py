"""Settings that the optical flow of a video depends on, and those of its computation."""

import hashlib
from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Settings
from bsnpp.encoding.resize_settings import ResizeSettings


class FlowMethodSettings(Settings):
    """How optical flow is computed and kept."""

    method: Literal["dis", "tvl1", "farneback"] = Field(
        "dis", description="Algorithm; published weights of TSN were trained on `tvl1`"
    )
    bound: float = Field(
        20.0, gt=0, le=1000, description="Largest displacement that is kept; larger ones are cut [pixel]"
    )


class FlowSource(Settings):
    """All that the flow of a video depends on; networks with the same source share it."""

    flow: FlowMethodSettings = Field(description="Algorithm and bound")
    resize: ResizeSettings = Field(description="Size of the frames")
    rate: float | None = Field(None, gt=0, description="Frames per second that are sampled")

    @property
    def key(self) -> str:
        """Name of the folder of this flow: the algorithm, and a digest of these settings."""
        return f"{self.flow.method}-{hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]}"
