"""The benchmark of evaluation evaluates what it writes."""

from pathlib import Path

import pytest

from benchmarks import evaluation


def test_a_file_is_written_evaluated_and_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(evaluation, "CLASSES", 3)
    monkeypatch.setattr(evaluation, "PER_VIDEO", 10)
    monkeypatch.setattr(evaluation, "RESAMPLES", 5)
    videos, instances, detections = evaluation.make_tables(20)
    assert (len(videos), len(instances), len(detections)) == (20, 30, 200)
    evaluation.write_results(tmp_path / "submission.json", detections)
    assert evaluation.evaluate_file(tmp_path / "submission.json", videos, instances) > 0
    for slow in (evaluation.official, evaluation.textbook):
        evaluation.compare("slow", 20, slow)
    shown = capsys.readouterr().out
    for part in ("read JSON", "average precision", "5 resamples", "diagnosis", "AP 0.0e+00"):
        assert part in shown
