"""Fixtures of the tests of whole challenges."""

from pathlib import Path

import pytest

from tests.challenge.plans import Folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path)
