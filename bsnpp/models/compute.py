"""Settings of the computation of generators."""

from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Settings


class PrecisionSettings(Settings):
    """Precision and seed; results depend on each of them, if only in the last bit."""

    threads: int = Field(
        1, ge=1, description="CPU threads of one job; the last bit of results depends on this number"
    )
    precision: Literal["float32", "bfloat16"] = Field(
        "float32",
        description="Precision of the generators under autocast; losses are always computed in float32; "
        "bfloat16 is faster on GPUs and on CPUs with AMX",
    )
    compile: bool = Field(
        False,
        description="Compile the generators with torch.compile, which takes minutes and needs a C++ compiler",
    )
    seed: int = Field(2020, ge=0, description="Seed of weights, shuffling and sampling")


class ComputeSettings(PrecisionSettings):
    """Device, precision and seed; results depend on each of them, if only in the last bit."""

    device: Literal["cpu", "cuda"] = Field("cpu", description="Device of the generators")
