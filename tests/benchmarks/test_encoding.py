"""The benchmark of encoding runs at smoke size."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.paths import ROOT

if find_spec("av") is None or find_spec("cv2") is None or find_spec("timm") is None:
    pytest.skip("PyAV, OpenCV and timm are not installed (extra videos)", allow_module_level=True)


def test_every_case_gives_a_row(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "encoding.py"), "--quick", "--threads", "1"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=900, check=False)
    assert result.returncode == 0, result.stderr
    rows = [line for line in result.stdout.splitlines() if line.rstrip()[-1:].isdigit()]
    assert [row[:20].strip() for row in rows] == [
        "decoding", "flow (DIS)", "EfficientNet-Lite0", "TSN BN-Inception"
    ]  # fmt: skip
    assert all(float(row.split()[-1]) > 0 for row in rows)
    assert result.stdout.count("peak memory of") == 2
