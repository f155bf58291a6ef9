"""Measure the evaluation of one file at the size of ActivityNet: `python benchmarks/evaluation.py`.

945,600 detections in the 4,728 videos of the BMN protocol are read from JSON, evaluated, resampled 1,000
times and diagnosed, in a process of their own. Then all of them are compared with the algorithm of the
official script, and a part of them with the textbook.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for tests.reference

from bsnpp.evaluation.bootstrap import bootstrap_map
from bsnpp.evaluation.diagnosis.diagnose import diagnose
from bsnpp.evaluation.matching import match_detections
from bsnpp.evaluation.official import official_scores
from bsnpp.evaluation.predictions import read_predictions
from bsnpp.evaluation.screening import screen_predictions
from bsnpp.evaluation.thresholds import ACTIVITYNET_THRESHOLDS
from tests.reference.evaluation import Detection, Instance, textbook_average_precision
from tests.reference.official import official_ap

VIDEOS, INSTANCES, CLASSES, PER_VIDEO = 4_728, 7_293, 200, 200
PART = 100
"""Videos on which the textbook runs."""

RESAMPLES = 1_000
Result = TypeVar("Result")
Slow = Callable[[list[Instance], list[Detection]], list[list[float]]]
Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def make_tables(count: int) -> Tables:
    """Return videos, instances and detections without ties; half of the detections are near an instance."""
    random = np.random.default_rng(0)
    names = np.array([f"v{number:010d}" for number in range(count)], dtype=object)
    duration = random.uniform(10, 240, count)
    total = INSTANCES * count // VIDEOS
    seen_in = np.concatenate([np.arange(count), random.integers(count, size=max(0, total - count))])
    label = random.integers(CLASSES, size=count)[seen_in]
    start, end = np.sort(random.random((len(seen_in), 2)), axis=1).T * duration[seen_in]
    instances = pd.DataFrame({"video": names[seen_in], "start": start, "end": end, "label": label})

    near = random.integers(len(seen_in), size=count * PER_VIDEO)
    spread = 0.15 * (end - start)[near][:, None] * random.normal(size=(len(near), 2))
    edges = np.stack([start, end], axis=1)[near] + spread
    elsewhere = random.random(len(near)) < 0.5
    edges[elsewhere] = random.random((elsewhere.sum(), 2)) * duration[seen_in[near[elsewhere]]][:, None]
    edges = np.sort(np.clip(edges, 0.0, duration[seen_in[near]][:, None]), axis=1)
    other = random.integers(CLASSES, size=len(near))
    detections = pd.DataFrame(
        {
            "video": names[seen_in[near]],
            "label": np.where(elsewhere, other, label[near]),
            "score": random.permutation(len(near)) / len(near),
            "start": edges[:, 0],
            "end": edges[:, 1],
        }
    )
    for table in (instances, detections):
        table["label"] = "class " + table["label"].astype(str)
    return pd.DataFrame({"video": names, "duration": duration}), instances, detections


def write_results(path: Path, detections: pd.DataFrame) -> None:
    """Write detections in the layout of ActivityNet."""
    results: dict[str, list[dict[str, object]]] = {}
    columns = (detections[name].tolist() for name in ("video", "label", "score", "start", "end"))
    for video, label, score, start, end in zip(*columns, strict=True):
        results.setdefault(video, []).append({"label": label, "score": score, "segment": [start, end]})
    path.write_text(json.dumps({"version": "VERSION 1.3", "results": results}))


def timed(name: str, run: Callable[[], Result]) -> Result:
    """Run and print wall-clock and processor time; return the result."""
    begin = time.perf_counter(), time.process_time()
    result = run()
    wall, processor = time.perf_counter() - begin[0], time.process_time() - begin[1]
    print(f"{name:<22}{wall:8.2f} s ({processor:.2f} s of processor)", flush=True)
    return result


def evaluate_file(path: Path, videos: pd.DataFrame, instances: pd.DataFrame) -> float:
    """Print the times of every step; return the peak of resident memory before the bootstrap in MB."""
    names, classes = list(videos["video"]), set(instances["label"])
    predictions = timed("read JSON", lambda: read_predictions(path))
    screened = timed("screen", lambda: screen_predictions(predictions, videos, classes, "validation"))
    table = screened.table
    matches = timed("match", lambda: match_detections(instances, table, ACTIVITYNET_THRESHOLDS, names))
    timed("average precision", lambda: official_scores(matches))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024e-6
    alone = {name: name for name in names}
    timed(f"{RESAMPLES:,} resamples", lambda: bootstrap_map(matches, RESAMPLES, 0, alone))
    timed("diagnosis", lambda: diagnose(instances, table, videos, ACTIVITYNET_THRESHOLDS))
    return peak


def compare(name: str, count: int, slow: Slow) -> None:
    """Print the ratio of the processor time of a slow implementation to ours."""
    _, instances, detections = make_tables(count)
    rows = list(instances.itertuples(index=False, name=None))
    columns = ["video", "label", "score", "start", "end"]
    ranked = list(detections[columns].itertuples(index=False, name=None))
    begin = time.process_time()
    scores = official_scores(match_detections(instances, detections, ACTIVITYNET_THRESHOLDS))
    middle = time.process_time()
    ap = np.array(slow(rows, ranked))
    end = time.process_time()
    ours, theirs = middle - begin, end - middle
    print(
        f"{name}, {len(ranked):,} detections: {theirs:.2f} s, ours {ours:.3f} s, ratio {theirs / ours:.0f}; "
        f"largest difference of AP {np.abs(scores.ap.T - ap).max():.1e}",
        flush=True,
    )


def official(instances: list[Instance], detections: list[Detection]) -> list[list[float]]:
    """Compute AP by class and threshold like the official script."""
    return list(official_ap(instances, detections, np.array(ACTIVITYNET_THRESHOLDS)).values())


def textbook(instances: list[Instance], detections: list[Detection]) -> list[list[float]]:
    """Compute AP by class and threshold in plain loops."""
    return list(textbook_average_precision(instances, detections, list(ACTIVITYNET_THRESHOLDS)).values())


def main() -> None:
    """Measure the file, then compare."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "submission.json"
        videos, instances, detections = make_tables(VIDEOS)
        write_results(path, detections)
        print(f"{len(detections):,} detections, {path.stat().st_size / 1e6:.0f} MB of JSON")
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            peak = pool.submit(evaluate_file, path, videos, instances).result()
    print(f"peak memory of reading and evaluation: {peak:.0f} MB")
    compare("official algorithm", VIDEOS, official)
    compare("textbook", PART, textbook)


if __name__ == "__main__":
    main()
