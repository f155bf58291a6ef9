"""The script that trains: the files that it writes, the same after a signal as without one."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bsnpp.stores.features import write_features
from bsnpp.stores.tables import write_table
from tests.paths import ROOT, script

MODEL = "model.safetensors"
VIDEOS = [f"v{number:02d}" for number in range(16)]
MATCHING = {"bins": 4, "input_channels": 8, "filters": 16}
SETTINGS = {
    "model": {
        "architecture": "bsnpp", "base_channels": 8, "boundary_channels": 8, "matching": MATCHING,
        "relation_channels": 8, "dropout": 0.1,
    },
    "training": {"stages": [{"epochs": 12, "learning_rate": 1e-3}], "batch_size": 2},
    "compute": {"threads": 1},
}  # fmt: skip

Start = Callable[..., subprocess.Popen[str]]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """Return a function that starts a training into a folder."""
    data = tmp_path_factory.mktemp("data")
    generator = np.random.default_rng(0)
    features = [(video, generator.standard_normal((8, 16)).astype(np.float32)) for video in VIDEOS]
    write_features(data / "features.h5", "toy", 16, 8, features, VIDEOS)
    write_table(data / "videos.tsv", pd.DataFrame({"video": VIDEOS, "duration": 10.0, "extent": 10.0}))
    begin = generator.uniform(0, 6, len(VIDEOS))
    instances = {"video": VIDEOS, "start": begin, "end": begin + 3, "label": "a"}
    write_table(data / "instances.tsv", pd.DataFrame(instances))

    def run(folder: Path, *options: str) -> subprocess.Popen[str]:
        files = {"features": "features.h5", "videos": "videos.tsv", "instances": "instances.tsv"}
        inputs = [part for name, file in files.items() for part in (f"--{name}", str(data / file))]
        validation = [part.replace("--", "--validation-") for part in inputs]
        outputs = ["--model", str(folder / "model.safetensors"), "--metrics", str(folder / "metrics.csv")]
        command = [sys.executable, script("train_generator"), *inputs, *validation, *outputs]
        command += ["--settings", json.dumps(SETTINGS), *options]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)

    return run


@pytest.fixture(scope="module")
def undisturbed(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a training without interruption."""
    folder = tmp_path_factory.mktemp("undisturbed")
    process = start(folder)
    log = process.communicate()[1]
    assert process.returncode == 0, log
    assert "kept in memory" in log and "epoch 12/12" in log and "waiting for data" in log
    assert "\r" not in log, "a log must not contain the progress bar"
    return folder


def test_the_files_of_a_training(undisturbed: Path) -> None:
    assert {path.name for path in undisturbed.iterdir()} == {MODEL, "metrics.csv"}
    metrics = pd.read_csv(undisturbed / "metrics.csv")
    assert metrics["epoch"].tolist() == list(range(1, 13))
    assert metrics["waiting_share"].between(0, 1).all()


def test_streamed_features_give_the_same_model(start: Start, undisturbed: Path, tmp_path: Path) -> None:
    log = start(tmp_path, "--resident-gib", "0").communicate()[1]
    assert log.count("streamed from the file") == 2, "training and validation"
    assert (tmp_path / MODEL).read_bytes() == (undisturbed / MODEL).read_bytes()


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGKILL], ids=["term", "kill"])
def test_a_signal_within_an_epoch_changes_no_bit(
    kind: signal.Signals, start: Start, undisturbed: Path, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "model.checkpoint"
    process = start(tmp_path)
    while not checkpoint.exists() and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(kind)
    log = process.communicate()[1]
    if kind == signal.SIGTERM:
        assert process.returncode == 143
        assert f"stopped by SIGTERM; the same command resumes from {checkpoint}" in log
        assert {path.name for path in tmp_path.iterdir()} == {"model.checkpoint", "metrics.csv"}
    else:
        assert process.returncode == -signal.SIGKILL
    assert not (tmp_path / MODEL).exists()
    again = start(tmp_path)
    log = again.communicate()[1]
    assert again.returncode == 0, log
    assert f"resuming from {checkpoint}" in log
    assert "epoch 1/12" not in log and "epoch 12/12" in log
    assert not checkpoint.exists()
    assert (tmp_path / MODEL).read_bytes() == (undisturbed / MODEL).read_bytes()
