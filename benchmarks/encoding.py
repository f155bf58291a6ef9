"""Throughput of encoding beside plain loops of PyAV, OpenCV and torch: `python benchmarks/encoding.py`.

It needs the extra `videos`. Both sides run in turn; the ratio is the median of plain / bsnpp times, so that 1
means as fast as the plain loop. Memory is measured in a process of its own.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for tests.encoding

import av
import cv2
import numpy as np
import torch
from torch import nn

from bsnpp.encoding.clips_of_videos import ClipSource
from bsnpp.encoding.encoding_settings import EncodingSettings
from bsnpp.encoding.flow import flows
from bsnpp.encoding.flow_settings import FlowSettings
from bsnpp.encoding.image_settings import ImageSettings
from bsnpp.encoding.images import Resizer
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.networks.base import ClipNetwork, FrameAverage
from bsnpp.encoding.networks.build import build_network
from bsnpp.encoding.networks.encode import Encoder
from bsnpp.encoding.sampling import at_rate
from bsnpp.encoding.video import VideoReader
from tests.encoding.videos import HEIGHT, WIDTH, numbered, write_video

IMAGES = ImageSettings(short_side=256)
SIZE = (455, 256)
"""Width and height of a 640 x 360 frame whose shorter side is 256."""


def plain_frames(path: Path) -> list[np.ndarray]:
    """Decode, resize and keep every frame with PyAV alone."""
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        return [
            frame.reformat(*SIZE, "rgb24", interpolation="BILINEAR").to_ndarray()
            for frame in container.decode(video=0)
        ]


def our_frames(path: Path) -> list[np.ndarray]:
    """Do the same by time stamps."""
    reader, resizer = VideoReader(path), Resizer(IMAGES)
    return [resizer(frame.image) for frame in at_rate(reader.frames(), float(reader.rate), reader)]


def plain_flow(images: list[np.ndarray]) -> list[np.ndarray]:
    """Compute and bound the flow of every pair with OpenCV alone."""
    dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    grey = [cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in images]
    return [
        (np.clip(dis.calc(first, second, None) / 20, -1, 1) * 127 + 128).astype(np.uint8)
        for first, second in pairwise(grey)
    ]


NETWORKS: dict[str, dict[str, Any]] = {
    "EfficientNet-Lite0": {"model": {"architecture": "timm", "name": "efficientnet_lite0"}, "frames": 3},
    "TSN BN-Inception": {"model": {"architecture": "bn_inception"}, "frames": 3},
    "TSN ResNet-50": {"model": {"architecture": "tsn", "name": "resnet50"}, "frames": 3},
    "TSM ResNeSt-101": {"model": {"architecture": "tsm", "name": "resnest101e"}, "frames": 8},
    "TSM ResNeSt-269": {"model": {"architecture": "tsm", "name": "resnest269e"}, "frames": 8},
    "TIN ResNet-101": {"model": {"architecture": "tin", "name": "resnet101"}, "frames": 8},
    "SlowFast-101": {"model": {"architecture": "slowfast101"}, "frames": 32},
    "P3D-ResNet-152": {"model": {"architecture": "p3d"}, "frames": 16, "size": 160},
}
"""The paper's networks and the one of the tests: model, frames of a clip, and size."""


def network_of(keys: dict[str, Any], quick: bool) -> NetworkSettings:
    """Return the settings of one of the networks."""
    size = 64 if quick else keys.get("size", 224)
    return NetworkSettings.model_validate(
        {"model": keys["model"], "clips": {"frames": keys["frames"]}, "images": {"size": size}}
    )


@torch.inference_mode()
def plain_network(network: nn.Module, clips: np.ndarray) -> None:
    """Encode clips with torch alone."""
    mean, deviation = torch.tensor(IMAGES.mean) * 255, torch.tensor(IMAGES.deviation) * 255
    images = ((torch.from_numpy(clips).float() - mean) / deviation).permute(0, 1, 4, 2, 3).contiguous()
    if isinstance(network, FrameAverage):
        network.trunk(images.flatten(0, 1)).unflatten(0, clips.shape[:2]).mean(dim=1)
    else:
        network.trunk(images.transpose(1, 2))


def compare_network(name: str, quick: bool, threads: int) -> None:
    """Measure one network: eight clips of three frames, or one longer clip."""
    settings = network_of(NETWORKS[name], quick)
    built = build_network(settings, "cpu", threads)
    assert isinstance(built, FrameAverage | ClipNetwork)
    frames, size = settings.clips.frames, settings.images.size
    count = 1 if quick or frames > 3 else 8
    clips = np.random.default_rng(0).integers(256, size=(count, frames, size, size, 3), dtype=np.uint8)
    encoder = Encoder(built, settings, EncodingSettings(batch_size=count), "cpu")
    compare(name, count, "snippets", lambda: plain_network(built, clips), lambda: encoder.output(clips))


def compare(
    name: str, count: int, unit: str, plain: Callable[[], object], ours: Callable[[], object]
) -> None:
    """Run both sides in turn, and print units per second and the ratio."""
    plain(), ours()
    times = []
    for _ in range(3):
        before = time.perf_counter()
        plain()
        between = time.perf_counter()
        ours()
        times.append((between - before, time.perf_counter() - between))
    slow, fast = (count / statistics.median(side) for side in zip(*times, strict=True))
    ratio = statistics.median(first / second for first, second in times)
    print(f"{name:<20}{slow:>10.2f}{fast:>10.2f}  {unit:<12}{ratio:>6.2f}", flush=True)


def write_long(path: Path, frames: int) -> Path:
    """Write a video of small frames that repeat, at 10 frames per second."""
    images = [av.VideoFrame.from_ndarray(numbered(number), format="rgb24") for number in range(64)]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.gop_size = 250
        for number in range(frames):
            image = images[number % len(images)]
            image.pts, image.time_base = number, Fraction(1, 10)
            container.mux(stream.encode(image))
        container.mux(stream.encode(None))
    return path


def peak(path: Path, network: NetworkSettings) -> float:
    """Return by how much cutting a video into clips raises the peak resident memory [MB]."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in ClipSource(network).events("video", path):
        pass
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def show_memory(folder: Path, hours: float) -> None:
    """Print the peak memory of a short and of a long video, each in a process of its own."""
    images = {"short_side": 48, "size": 48}
    network = NetworkSettings.model_validate({"model": {"architecture": "bn_inception"}, "images": images})
    for length in (hours / 60, hours):
        path = write_long(folder / "long.mkv", int(length * 36_000))
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            grown = pool.submit(peak, path, network).result()
        print(f"peak memory of {length:g} h of video: {grown:.0f} MB above the start", flush=True)


def main() -> None:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="run at smoke sizes; the ratios are meaningless")
    parser.add_argument("--threads", type=int, default=2, help="threads of torch (2)")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    frames, hours = (20, 0.01) if arguments.quick else (300, 3.0)
    print("                         plain     bsnpp  per second   ratio")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_video(folder / "video.mp4", range(frames), rate=25, codec="libx264", size=(640, 360))
        compare("decoding", frames, "frames", lambda: plain_frames(path), lambda: our_frames(path))
        images = our_frames(path)[:40]
        settings = FlowSettings()
        pairs = len(images) - 1
        compare(
            "flow (DIS)", pairs, "pairs", lambda: plain_flow(images), lambda: list(flows(images, settings))
        )
        for network in list(NETWORKS)[: 2 if arguments.quick else None]:
            compare_network(network, arguments.quick, arguments.threads)
        show_memory(folder, hours)


if __name__ == "__main__":
    main()
