"""Measure time and memory of fusing the maps of 8 encoders at T = 100: `python benchmarks/fusion.py`.

Files of a few videos are written and fused in a separate process, and the time is scaled to the 4,728 videos
of the ActivityNet validation subset. Two numbers of videos show that memory does not grow with them.
"""

import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from bsnpp.core.grid import ProposalGrid
from bsnpp.fusion.blend_files import BATCH, fuse_files
from bsnpp.fusion.blend_settings import BlendSettings
from bsnpp.stores.maps import write_maps

ENCODERS, SCALE, VIDEOS = 8, 100, 4728
SIZES = (100, 400)


def make_member(path: Path, videos: list[str], seed: int) -> None:
    """Write random maps of one encoder."""
    random, grid = np.random.default_rng(seed), ProposalGrid(SCALE)
    sizes = [len(videos[first : first + BATCH]) for first in range(0, len(videos), BATCH)]
    batches = (
        (
            random.random((size, 2, SCALE), dtype=np.float32),
            random.random((size, 2, len(grid)), dtype=np.float32),
        )
        for size in sizes
    )
    write_maps(path, grid, videos, batches, "member")


def fuse(folder: Path) -> tuple[float, float]:
    """Fuse the members; return the wall time [s] and the peak resident memory [MB]."""
    paths = {path.stem: path for path in folder.glob("member*.h5")}
    begin = time.perf_counter()
    fuse_files(paths, dict.fromkeys(paths, 1 / len(paths)), folder / "fused.h5", BlendSettings())
    seconds = time.perf_counter() - begin
    unit = 1e-6 if sys.platform == "darwin" else 1024e-6
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main() -> None:
    """Measure both sizes and print a line for each."""
    for count in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            videos = [f"v{number:05d}" for number in range(count)]
            for encoder in range(ENCODERS):
                make_member(Path(folder) / f"member{encoder}.h5", videos, encoder)
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                seconds, peak = pool.submit(fuse, Path(folder)).result()
        print(
            f"{count} videos of {ENCODERS} encoders: {1e3 * seconds / count:.2f} ms a video, "
            f"{VIDEOS * seconds / count:.1f} s for {VIDEOS}; peak {peak:.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
