"""Everything that the features of one encoded stream depend on, beside its videos."""

from pydantic import Field

from bsnpp.core.settings import Settings
from bsnpp.encoding.encoding_settings import EncodingSettings
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.models.compute import ComputeSettings


class StreamEncoding(Settings):
    """How one stream is encoded."""

    network: NetworkSettings = Field(description="Network, clips and images")
    encoding: EncodingSettings = Field(description="Encoding, whatever the network")
    compute: ComputeSettings = Field(description="Device, threads and precision")
    channels: int | None = Field(
        None, ge=1, description="Channels that the features must have; default: those of the network"
    )
