"""Settings of the device that generators run on."""

from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Settings


class ComputeSettings(Settings):
    """On what, and from which seed: part of a result's identity, since sums differ in the last bit."""

    device: Literal["cpu", "cuda"] = Field("cpu", description="where tensors live")
    threads: int = Field(1, ge=1, description="CPU threads of one job; sums depend on it in the last bit")
    precision: Literal["float32", "bfloat16"] = Field(
        "float32",
        description="of the generators' products and convolutions, by autocast; losses stay in float32; "
        "bfloat16 pays on GPUs and on CPUs with AMX",
    )
    compile: bool = Field(
        False,
        description="compile the generators by torch.compile: minutes at the start, and needs a C++ compiler",
    )
    seed: int = Field(2020, ge=0, description="seed of weights, shuffling and sampling")


class MachineSettings(ComputeSettings):
    """The same, and what no result depends on."""

    resident_gib: float = Field(
        1.0,
        ge=0,
        description="GiB up to which training keeps the features of a subset in memory; larger ones are "
        "streamed from the file (on a GPU, in place of this: half of the memory that is free); another limit "
        "makes nothing anew",
    )

    def of_results(self) -> ComputeSettings:
        """What results depend on."""
        return ComputeSettings(**self.model_dump(include=set(ComputeSettings.model_fields)))
