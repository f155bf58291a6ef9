"""Settings of optical flow."""

from pydantic import Field

from bsnpp.encoding.flow_source_settings import FlowMethodSettings


class FlowSettings(FlowMethodSettings):
    """Optical flow that a network sees in place of images."""

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
