import json

import numpy as np
import pytest

from bsnpp.evaluation.bootstrap import bootstrap_map, centred_interval
from bsnpp.evaluation.matching import Matches, match_detections
from bsnpp.evaluation.official import official_scores
from bsnpp.evaluation.runs import compare_systems, summarise_runs
from tests.reference.evaluation import Instance
from tests.reference.evaluation_data import detection_table, instance_table

VIDEOS = [f"v{index:02d}" for index in range(20)]
GROUPS = {video: video for video in VIDEOS}
INSTANCES: list[Instance] = [
    (video, start, start + 5.0, label) for video in VIDEOS for start, label in ((0.0, "run"), (10.0, "sit"))
]


def run(noise: float, seed: int, noisy: str = "run") -> Matches:
    """Match detections whose edges are noisy for one class and nearly exact for the other."""
    rng = np.random.default_rng(seed)
    detections = []
    for video, start, end, label in INSTANCES:
        spread = noise if label == noisy else 0.05
        edges = np.sort([start + rng.normal(0, spread), end + rng.normal(0, spread)])
        detections.append((video, label, float(rng.random()), *map(float, edges)))
    return match_detections(instance_table(INSTANCES), detection_table(detections), [0.5, 0.75], VIDEOS)


def test_one_run_has_the_interval_of_its_videos() -> None:
    matches = run(1.0, 0)
    summary = summarise_runs([matches], 50, 3, GROUPS)
    score = official_scores(matches).average_map
    interval = centred_interval(bootstrap_map(matches, 50, 3, GROUPS).mean(axis=1), score)
    assert summary == {
        "values": [score],
        "mean": score,
        "deviation": None,
        "interval": [interval.low, interval.high],
    }


def test_several_runs_have_a_mean_a_deviation_and_a_wider_interval_the_more_they_differ() -> None:
    similar = summarise_runs([run(1.0, seed) for seed in range(3)], 200, 0, GROUPS)
    different = summarise_runs([run(noise, 0) for noise in (0.1, 1.0, 4.0)], 200, 0, GROUPS)
    assert json.loads(json.dumps(different)) == different
    assert different["mean"] == pytest.approx(np.mean(different["values"]))
    assert different["deviation"] == pytest.approx(np.std(different["values"], ddof=1))
    widths = [summary["interval"][1] - summary["interval"][0] for summary in (similar, different)]
    assert widths[1] > 1.5 * widths[0]
    assert summarise_runs([run(1.0, 0)] * 2, 0, 0, GROUPS)["interval"] is None


def test_the_better_system_and_the_class_that_decides_are_named() -> None:
    comparison = compare_systems([run(3.0, 0)], [run(0.1, 1)], 200, 0, GROUPS)
    assert json.loads(json.dumps(comparison)) == comparison
    assert comparison["better"] == "second"
    assert comparison["second_wins"] == 1.0
    assert comparison["difference"] == pytest.approx(comparison["second"] - comparison["first"])
    assert comparison["interval"][0] > 0.0
    assert [row["label"] for row in comparison["classes"]] == ["run", "sit"]
    total = sum(row["contribution"] for row in comparison["classes"])
    assert total == pytest.approx(comparison["difference"])
    assert compare_systems([run(0.1, 1)], [run(3.0, 0)], 200, 0, GROUPS)["better"] == "first"


def test_equal_systems_are_undecided_with_an_empty_interval() -> None:
    comparison = compare_systems([run(1.0, 0)], [run(1.0, 0)], 50, 0, GROUPS)
    assert (comparison["better"], comparison["difference"]) == (None, 0.0)
    assert comparison["interval"] == [0.0, 0.0]
    assert comparison["second_wins"] == 0.0
