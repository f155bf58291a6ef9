"""The verb `check`."""

from pathlib import Path

import pytest

from bsnpp.cli.main import dispatch
from bsnpp.core.errors import UserError
from tests.paths import ROOT


def test_a_shipped_challenge_is_valid(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    dispatch(["check", "config/demo/config.yaml", "config/demo/full_size.yaml"])
    assert capsys.readouterr().out.split() == [
        "valid",
        "config/demo/config.yaml",
        "config/demo/full_size.yaml",
    ]


def test_missing_files_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(UserError, match="missing files of the challenge activitynet2020"):
        dispatch(["check", "config/activitynet2020/config.yaml"])


def test_a_damaged_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (tmp_path / "layer.yaml").write_bytes(b"\xff")
    with pytest.raises(UserError, match=r"layer\.yaml: not a UTF-8 text file"):
        dispatch(["check", "config/demo/config.yaml", str(tmp_path / "layer.yaml")])
