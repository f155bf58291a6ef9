"""The benchmarks run at smoke size."""

import json
import subprocess
import sys
from pathlib import Path

from tests.paths import ROOT

SCRIPT = ROOT / "benchmarks" / "run.py"


def test_every_case_gives_a_row(tmp_path: Path) -> None:
    # in a separate process: it forks, which a process with torch threads must not do
    command = [sys.executable, str(SCRIPT), "--quick", "--threads", "1"]
    command += ["--output", str(tmp_path / "bench.json")]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=300)
    assert result.returncode == 0, result.stderr
    rows = json.loads((tmp_path / "bench.json").read_text())
    names = [
        *("matching_b1", "matching_b8", "bmn_step", "attention", "attention_reduced", "bsnpp_step"),
        *("labels", "soft_nms", "soft_nms_numba", "evaluation"),
    ]
    assert [row["name"] for row in rows] == names
    assert all(name in result.stdout for name in names)
    for row in rows:
        assert row["ratio"] > 0 and row["fast_seconds"] > 0 and row["textbook_seconds"] > 0
        assert row["memory_ratio"] is None or row["memory_ratio"] > 0
