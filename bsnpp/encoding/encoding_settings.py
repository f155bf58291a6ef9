"""Settings of the encoding stage."""

from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Settings


class EncodingSettings(Settings):
    """How videos are encoded, whatever the network; features depend on each key, if only in the last bit."""

    batch_size: int = Field(16, ge=1, le=4096, description="Clips that pass the network together")
    min_coverage: float = Field(
        0.95,
        ge=0,
        le=1,
        description="Minimum decoded share of the duration that a file claims; less is an error, and any "
        "missing part above it a warning",
    )
    precision: Literal["float32", "bfloat16"] = Field(
        "float32",
        description="Precision of the networks under autocast; bfloat16 is faster on GPUs and changes "
        "features in the third digit",
    )
    compile: bool = Field(
        False,
        description="Compile networks of timm and of this project with torch.compile, which takes minutes "
        "and needs a C++ compiler; exported networks run as they are",
    )
    channels_last: bool | None = Field(
        None,
        description="Keep the channels of images last in memory, which is faster on GPUs; default: on a GPU",
    )
