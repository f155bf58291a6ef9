"""A small challenge to inspect."""

from pathlib import Path

import pytest

from tests.inspection.challenge import Data


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Data:
    """A challenge without faults, in the working directory."""
    monkeypatch.chdir(tmp_path)
    return Data(tmp_path)
