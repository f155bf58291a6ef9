"""A failed run of a layer is reported with its name and its logs, and the layer remains."""

from pathlib import Path

import pytest
import yaml

from bsnpp.challenge.layered_run import evaluate_layer
from bsnpp.core.errors import UserError


def test_a_failed_run_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path, layer = tmp_path / "runs/one.yaml", {"results": "runs/one: #1", "compute": {"seed": 3}}
    with pytest.raises(UserError, match=r"^the run of seed 3 failed; the logs are in runs/one: #1/logs$"):
        evaluate_layer(["missing.yaml"], path, layer, "the run of seed 3")
    assert yaml.safe_load(path.read_text()) == layer
