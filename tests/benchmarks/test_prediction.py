"""The benchmark of detection with a bundle runs."""

from pathlib import Path

from benchmarks import prediction


def test_times_and_memory_are_measured(tmp_path: Path) -> None:
    path = prediction.make_bundle(tmp_path, prediction.ENCODERS[:2])
    assert all(seconds > 0 for seconds in prediction.times(path, 1, 1))
    assert prediction.peak(path, 2) > 0
