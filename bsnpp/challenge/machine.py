"""Settings of the machine that runs a challenge."""

from typing import Literal

from pydantic import Field

from bsnpp.challenge.gpu import gpu_fault
from bsnpp.encoding.encoding_settings import EncodingSettings
from bsnpp.models.compute import ComputeSettings, PrecisionSettings


class MachineSettings(PrecisionSettings):
    """Device, precision and seed, and options that no result depends on."""

    device: Literal["auto", "cpu", "cuda"] = Field(
        "cpu",
        description="Device of the generators; `auto`: a GPU if torch can use one on this machine, else the "
        "CPU (not on clusters). Another device trains again",
    )
    resident_gib: float = Field(
        1.0,
        ge=0,
        description="Limit for the features of a subset in main memory in training [GiB]; larger ones are "
        "streamed from the file (on a GPU, the limit is half of its free memory); a change reruns nothing",
    )

    @property
    def chosen_device(self) -> Literal["cpu", "cuda"]:
        """Device of the generators on this machine."""
        if self.device == "auto":
            return "cuda" if gpu_fault() is None else "cpu"
        return self.device

    def of_results(self) -> ComputeSettings:
        """Return the settings that results depend on, with the chosen device."""
        shared = self.model_dump(include=set(PrecisionSettings.model_fields))
        return ComputeSettings(**shared, device=self.chosen_device)


class EncodingOptions(EncodingSettings):
    """Encoding of videos, and options that no result depends on."""

    processes: int = Field(
        0,
        ge=0,
        le=256,
        description="Processes that decode videos or compute their optical flow, in addition to that of the "
        "network; 0 decodes in the same one; a change reruns nothing",
    )

    def of_results(self) -> EncodingSettings:
        """Return the settings that features depend on."""
        return EncodingSettings(**self.model_dump(exclude={"processes"}))
