"""Everything that the features of one encoded stream depend on, except its videos."""

from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Settings
from bsnpp.encoding.encoding_settings import EncodingSettings
from bsnpp.encoding.network_settings import NetworkSettings


class StreamEncoding(Settings):
    """How one stream is encoded."""

    network: NetworkSettings = Field(description="Network, clips and images")
    encoding: EncodingSettings = Field(EncodingSettings(), description="Encoding, whatever the network")
    device: Literal["cpu", "cuda"] = Field("cpu", description="Device of the network")
    threads: int = Field(1, ge=1, description="CPU threads of the network")
    channels: int | None = Field(
        None, ge=1, description="Channels that the features must have; default: those of the network"
    )
