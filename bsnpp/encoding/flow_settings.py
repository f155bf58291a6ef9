"""Settings of optical flow."""

from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Settings


class FlowSettings(Settings):
    """Optical flow that a network sees in place of images."""

    method: Literal["dis", "tvl1", "farneback"] = Field(
        "dis", description="Algorithm; published weights of TSN were trained on `tvl1`"
    )
    bound: float = Field(
        20.0, gt=0, le=1000, description="Largest displacement that is kept; larger ones are cut [pixel]"
    )
    stack: int = Field(
        5,
        ge=1,
        le=64,
        description="Flows that are one input of the network: 2 x 5 channels; divides clips.frames",
    )
    mean: float = Field(
        128 / 255, ge=0, le=1, description="Mean of the flow as 8 bits, in [0, 1]; a flow of 0 is 128 / 255"
    )
    deviation: float = Field(
        0.226, gt=0, le=1, description="Standard deviation of the flow as 8 bits, in [0, 1]"
    )
