"""Cost of detection with a bundle: `python benchmarks/prediction.py`.

The bundle has eight encoders of two streams, and the narrow generators and the scales of config/demo with
random weights. It prints the time of one video of five minutes, first and later, on two threads and on one,
and how much the peak memory of a process grows from a short stream of videos to a long one.
"""

import argparse
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import torch
import yaml

from bsnpp.bundle.bundle import Bundle
from bsnpp.bundle.export import export_bundle
from bsnpp.bundle.plan import PLAN_FILE, ExportPlan
from bsnpp.bundle.videos import NewVideo
from bsnpp.core.checksums import write_checked_text
from bsnpp.core.class_list import write_classes
from bsnpp.detection.calibration import UNCHANGED
from bsnpp.detection.calibration_files import write_calibrations
from bsnpp.models.build import build_generator, save_generator
from bsnpp.models.settings import BMNSettings, BSNPPSettings, ProposalSettings
from bsnpp.predict import load

DEMO = Path(__file__).resolve().parents[1] / "config/demo/config.yaml"
ENCODERS = [f"encoder{number}" for number in range(8)]
STREAMS = ("rgb", "flow")
CHANNELS, CLASSES, SNIPPETS, SECONDS = 16, 200, 470, 300.0
KINDS: dict[str, type[ProposalSettings]] = {"bsnpp": BSNPPSettings, "bmn": BMNSettings}


def make_bundle(folder: Path, encoders: Sequence[str] = ENCODERS) -> Path:
    """Write a run of random models, and return its bundle."""
    demo: dict[str, Any] = yaml.safe_load(DEMO.read_text())
    torch.manual_seed(0)
    generators = []
    for name, kind in KINDS.items():
        settings = kind.model_validate(demo["generators"][name]["model"])
        members = [f"{encoder}/scratch" for encoder in encoders]
        models = {member: f"{name}.{member.replace('/', '.')}" for member in members}
        for path in models.values():
            save_generator(folder / path, build_generator(CHANNELS * len(STREAMS), settings))
        rows = "".join(f"{member},{1 / len(members)!r}\n" for member in members)
        write_checked_text(folder / f"{name}.csv", f"member,weight\n{rows}")
        score = demo["generators"][name].get("score", "paper")
        generators.append({"name": name, "score": score, "weights": f"{name}.csv", "models": models})
    streams = [{"name": name, "channels": CHANNELS} for name in STREAMS]
    plan = {
        "challenge": "benchmark",
        "variant": "D",
        "encoders": dict.fromkeys(encoders, streams),
        "training_scale": demo["scales"]["training"],
        "scales": demo["scales"],
        "generators": generators,
        "panel": [{"name": "theirs", "source": "outside"}],
        "panel_weights": "panel.csv",
        "classes": "classes.txt",
        "calibration": "calibration.json",
        **{name: {} for name in ("rescaling", "inference", "fusion", "detection")},
        "compute": {"threads": 2},
    }
    write_checked_text(folder / PLAN_FILE, ExportPlan.model_validate(plan).model_dump_json())
    write_checked_text(folder / "panel.csv", "member,weight,temperature\ntheirs,1.0,1.0\n")
    write_classes(folder / "classes.txt", [f"class {number}" for number in range(CLASSES)])
    write_calibrations(folder / "calibration.json", [UNCHANGED] * len(generators))
    export_bundle(folder, folder / "bundle.zip")
    return folder / "bundle.zip"


def video(bundle: Bundle, seed: int) -> NewVideo:
    """Return a random video of five minutes."""
    rng = np.random.default_rng(seed)
    features = {
        encoder: {name: rng.normal(size=(SNIPPETS, CHANNELS)).astype(np.float32) for name in STREAMS}
        for encoder in bundle.manifest.used_encoders
    }
    return bundle.video(f"video{seed}", features, SECONDS, {"theirs": rng.normal(size=CLASSES)})


def times(path: Path, repeats: int, threads: int) -> tuple[float, float, float]:
    """Return the seconds of loading, of the first video, and the median of the next ones."""
    torch.set_num_threads(threads)
    began = time.perf_counter()
    bundle = load(path)
    loaded = time.perf_counter() - began
    seconds = []
    for seed in range(repeats + 1):
        new = video(bundle, seed)
        began = time.perf_counter()
        list(bundle.detect_all([new]))
        seconds.append(time.perf_counter() - began)
    return loaded, seconds[0], statistics.median(seconds[1:])


def peak(path: Path, videos: int) -> int:
    """Return the peak memory of this process after a stream of videos [bytes]."""
    bundle = load(path)

    def stream() -> Iterator[NewVideo]:
        yield from (video(bundle, seed) for seed in range(videos))

    for _ in bundle.detect_all(stream()):
        pass
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def fresh(function: Any, *arguments: Any) -> Any:
    """Call a function in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=10, help="videos whose times are compared (10)")
    parser.add_argument("--videos", type=int, nargs=2, default=[32, 320], help="lengths of the streams")
    parser.add_argument("--output", help="JSON to write")
    given = parser.parse_args()
    report: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = make_bundle(Path(folder))
        for threads in (2, 1):
            values = fresh(times, path, given.repeats, threads)
            for name, seconds in zip(("loading", "first video", "next videos"), values, strict=True):
                report[f"{name}, {threads} threads [s]"] = round(seconds, 4)
        for count in given.videos:
            report[f"peak memory, {count} videos [MB]"] = round(fresh(peak, path, count) / 1e6, 1)
    for name, value in report.items():
        print(f"{name:<34}{value:>10}")
    if given.output:
        Path(given.output).write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
