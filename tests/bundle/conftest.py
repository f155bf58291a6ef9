"""A finished run in miniature and its bundle, made once."""

from pathlib import Path

import pytest

from bsnpp.bundle.bundle import Bundle
from bsnpp.bundle.export import export_bundle
from bsnpp.bundle.loading import load
from tests.bundle.run import make_run


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the run, to look at."""
    return make_run(tmp_path_factory.mktemp("small") / "results")


@pytest.fixture(scope="session")
def archive(small_run: Path) -> Path:
    """Its bundle, to look at."""
    path = small_run.parent / "small.zip"
    export_bundle(small_run, path)
    return path


@pytest.fixture(scope="session")
def bundle(archive: Path) -> Bundle:
    """The same, loaded."""
    return load(archive)
