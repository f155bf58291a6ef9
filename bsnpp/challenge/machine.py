"""Settings of the machine that runs a challenge."""

from typing import Literal

from pydantic import Field

from bsnpp.challenge.gpu import gpu_fault
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
