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
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for tests.encoding

import av
import cv2
import numpy as np
import torch

from bsnpp.encoding.encoding_settings import EncodingSettings
from bsnpp.encoding.flow import flows
from bsnpp.encoding.flow_settings import FlowSettings
from bsnpp.encoding.image_settings import ImageSettings
from bsnpp.encoding.images import Resizer
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.networks.base import FrameAverage
from bsnpp.encoding.networks.build import build_network
from bsnpp.encoding.networks.encode import Encoder, video_clips
from bsnpp.encoding.sampling import at_rate
from bsnpp.encoding.video import VideoReader
from tests.encoding.videos import write_video

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


def encoded(encoder: Encoder, clips: np.ndarray) -> None:
    """Encode clips in batches of the encoder."""
    for first in range(0, len(clips), 8):
        encoder.output(clips[first : first + 8])


@torch.inference_mode()
def plain_network(network: FrameAverage, clips: np.ndarray) -> None:
    """Encode clips with torch alone."""
    mean, deviation = torch.tensor(IMAGES.mean) * 255, torch.tensor(IMAGES.deviation) * 255
    for first in range(0, len(clips), 8):
        batch = (torch.from_numpy(clips[first : first + 8]).float() - mean) / deviation
        images = batch.flatten(0, 1).permute(0, 3, 1, 2).contiguous()
        network.trunk(images).unflatten(0, (-1, clips.shape[1])).mean(dim=1)


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
    print(f"{name:<14}{slow:>10.1f}{fast:>10.1f}  {unit:<12}{ratio:>6.2f}", flush=True)


def peak(path: Path, network: NetworkSettings) -> float:
    """Return by how much cutting a video into clips raises the peak resident memory [MB]."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in video_clips(VideoReader(path), network):
        pass
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def main() -> None:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="run at smoke sizes; the ratios are meaningless")
    parser.add_argument("--threads", type=int, default=2, help="threads of torch (2)")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    frames, hours, side = (20, 0.01, 64) if arguments.quick else (300, 3.0, 224)
    print("                   plain     bsnpp  per second   ratio")
    with tempfile.TemporaryDirectory() as folder:
        path = write_video(
            Path(folder) / "video.mp4", range(frames), rate=25, codec="libx264", size=(640, 360)
        )
        compare("decoding", frames, "frames", lambda: plain_frames(path), lambda: our_frames(path))
        images = our_frames(path)[:40]
        settings = FlowSettings()
        compare(
            "flow",
            len(images) - 1,
            "pairs",
            lambda: plain_flow(images),
            lambda: list(flows(images, settings)),
        )
        clips = np.random.default_rng(0).integers(256, size=(8, 3, side, side, 3), dtype=np.uint8)
        for name in ("efficientnet_lite0", "resnet50", "resnest101e"):
            network = NetworkSettings.model_validate(
                {"model": {"architecture": "tsn", "name": name}, "clips": {"frames": 3}, "images": IMAGES}
            )
            built = build_network(network, "cpu", arguments.threads)
            assert isinstance(built, FrameAverage)
            encoder = Encoder(built, network, EncodingSettings(batch_size=8), "cpu")
            compare(
                name[:13],
                len(clips),
                "snippets",
                lambda built=built: plain_network(built, clips),
                lambda encoder=encoder: encoded(encoder, clips),
            )
        numbers = [number % 1024 for number in range(int(hours * 36000))]
        long = write_video(Path(folder) / "long.mkv", numbers, gop=250)
        small = NetworkSettings.model_validate(
            {
                "model": {"architecture": "tsn", "name": "resnet18"},
                "images": {"short_side": 48, "size": 48},
            }
        )
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            grown = pool.submit(peak, long, small).result()
        print(f"peak memory of {hours:g} h of video: {grown:.0f} MB above the start")


if __name__ == "__main__":
    main()
