"""Negative controls: copies of a member, and scales equal to the training scale, change no detection.

Two more controls are in tests/classification/test_weight_search.py: a panel of copies of one classifier, and
weights from shuffled labels.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.ensemble_settings import EnsembleSettings
from bsnpp.detection.inputs import CandidateSettings
from bsnpp.features.scales import DurationRegime, ScaleSettings
from bsnpp.fusion.blend_files import fuse_files
from bsnpp.fusion.blend_settings import BlendSettings
from bsnpp.stores.class_scores import write_panel_file
from bsnpp.stores.maps import write_maps
from bsnpp.stores.tables import write_table
from tests.paths import script

SCRIPT = script("detect")
VIDEOS = [f"video{number}" for number in range(6)]
GRID = ProposalGrid(8)


PLAIN = CandidateSettings(detection=EnsembleSettings(), scores=("paper",))


@pytest.fixture
def member(tmp_path: Path) -> Path:
    """Write a file of random maps of one member."""
    random = np.random.default_rng(0)
    boundary = random.random((len(VIDEOS), 2, GRID.scale), np.float32)
    confidence = random.random((len(VIDEOS), 2, len(GRID)), np.float32)
    write_maps(tmp_path / "member.h5", GRID, VIDEOS, [(boundary, confidence)], "member")
    return tmp_path / "member.h5"


def _fuse(members: dict[str, float], path: Path, out: Path) -> Path:
    fuse_files(dict.fromkeys(members, path), members, out, BlendSettings())
    return out


def _detect(folder: Path, fused: Path, settings: CandidateSettings, name: str) -> bytes:
    """Run the script on videos of all durations, and return the bytes of both tables."""
    durations = [10.0, 29.9, 30.0, 119.0, 120.0, 300.0]
    table = pd.DataFrame({"video": VIDEOS, "duration": durations, "extent": durations})
    write_table(folder / "videos.tsv", table)
    probability = np.random.default_rng(1).dirichlet(np.ones(3), len(VIDEOS))
    write_panel_file(folder / "panel.h5", VIDEOS, ["a", "b", "c"], probability)
    outputs = [folder / f"{name}.detections.parquet", folder / f"{name}.proposals.parquet"]
    command = [sys.executable, SCRIPT, "--maps", fused, "--panel", folder / "panel.h5"]
    command += ["--videos", folder / "videos.tsv", "--detections", outputs[0], "--proposals", outputs[1]]
    command += ["--calibration", folder / f"{name}.calibration.json"]
    subprocess.run([*map(str, command), "--settings", settings.model_dump_json()], check=True)
    return b"".join(output.read_bytes() for output in outputs)


def test_three_copies_of_an_encoder_give_its_detections(tmp_path: Path, member: Path) -> None:
    one = _fuse({"a": 1.0}, member, tmp_path / "one.h5")
    three = _fuse({"a": 0.2, "b": 0.5, "c": 0.3}, member, tmp_path / "three.h5")
    detections = [_detect(tmp_path, fused, PLAIN, fused.stem) for fused in (one, three)]
    assert detections[0] == detections[1]


def test_all_scales_equal_to_the_training_scale_change_nothing(tmp_path: Path, member: Path) -> None:
    fused = _fuse({"a": 1.0}, member, tmp_path / "fused.h5")
    regimes = (
        DurationRegime(below=30, scale=8),
        DurationRegime(below=120, scale=8),
        DurationRegime(scale=8),
    )
    scales = ScaleSettings(training=8, regimes=regimes)
    by_duration = PLAIN.model_copy(update={"scales": scales})
    assert _detect(tmp_path, fused, PLAIN, "all") == _detect(tmp_path, fused, by_duration, "by")


def test_another_score_changes_the_detections(tmp_path: Path, member: Path) -> None:
    fused = _fuse({"a": 1.0}, member, tmp_path / "fused.h5")
    other = PLAIN.model_copy(update={"scores": ("detection",)})
    assert _detect(tmp_path, fused, PLAIN, "one") != _detect(tmp_path, fused, other, "other")
