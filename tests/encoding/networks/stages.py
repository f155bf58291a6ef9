"""A small run of the encoding stage: three videos, and networks that are computed by hand."""

from pathlib import Path

from bsnpp.encoding.encoding_settings import EncodingSettings
from bsnpp.encoding.files import find_videos
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.networks.stage import encode_files
from bsnpp.encoding.stream_settings import StreamEncoding
from tests.encoding.networks.small import CHANNELS

VIDEOS = {"a": 50, "b": 7, "c": 33}
"""Frames of each video."""
IMAGES = {"short_side": 40, "size": 32, "mean": [0.5, 0.4, 0.3], "deviation": [0.2, 0.3, 0.4]}


def settings(folder: Path, **changes: object) -> NetworkSettings:
    """Return settings of the network without class logits: four frames every eight."""
    content = {
        "model": {"architecture": "torchscript", "weights": str(folder / "small.pt")},
        "clips": {"interval": 8, "frames": 4, "step": 2},
        "images": IMAGES,
    }
    return NetworkSettings.model_validate({**content, **changes})


def stream(network: NetworkSettings, encoding: EncodingSettings, channels: int = CHANNELS) -> StreamEncoding:
    """Return what features depend on."""
    return StreamEncoding(network=network, encoding=encoding, channels=channels)


def encode(
    folder: Path, network: NetworkSettings, name: str = "out.h5", batch_size: int = 4, **options: object
) -> int:
    """Encode the three videos."""
    return encode_files(
        find_videos(folder / "videos", list(VIDEOS)),
        folder / name,
        folder / "scores.json",
        "digest",
        stream(network, EncodingSettings(batch_size=batch_size)),
        **options,
    ).encoded
