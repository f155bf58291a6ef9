"""Settings of the machine that runs a challenge."""

from pydantic import Field

from bsnpp.models.compute import ComputeSettings


class MachineSettings(ComputeSettings):
    """Device, precision and seed, and options that no result depends on."""

    resident_gib: float = Field(
        1.0,
        ge=0,
        description="Limit for the features of a subset in main memory in training [GiB]; larger ones are "
        "streamed from the file (on a GPU, the limit is half of its free memory); a change reruns nothing",
    )

    def of_results(self) -> ComputeSettings:
        """Return the settings that results depend on."""
        return ComputeSettings(**self.model_dump(include=set(ComputeSettings.model_fields)))
