"""A change of a module, such as a default of its settings, reruns exactly the scripts that use it."""

import pytest

from bsnpp.reruns.code import module_digests
from tests.paths import SCRIPTS

IMPORT = {"list_features", "rescale_features", "rescale_windows"}
"""Scripts of the stages `features` and `windows` that read feature files."""

USED_BY = {
    "bsnpp.features.manifest": {"list_features"},
    "bsnpp.features.rescale": {"rescale_features"},
    "bsnpp.features.scales": set(),
    "bsnpp.features.settings": IMPORT,
    "bsnpp.features.containers": IMPORT,
    "bsnpp.features.streams": IMPORT,
    "bsnpp.features.importers": IMPORT - {"list_features"},
    "bsnpp.stores.video_lists": {"rescale_features"},
    "bsnpp.stores.windows": {"rescale_windows"},
    "bsnpp.windows.cells": {"cut_windows", "rescale_windows"},
    "bsnpp.windows.cutting": {"cut_windows"},
    "bsnpp.windows.recordings": {"rescale_windows"},
    "bsnpp.windows.sampling": {"rescale_windows"},
    "bsnpp.windows.settings": set(),
    "bsnpp.windows.snippet_settings": {"rescale_windows"},
    "bsnpp.windows.tables": {"cut_windows"},
    "bsnpp.datasets.hapt.settings": {"prepare_hapt"},
    "bsnpp.datasets.simulation.settings": {"simulate"},
}
"""For each module, the scripts of the stages `features`, `windows` and `datasets` that use it."""


@pytest.fixture(scope="module")
def used() -> dict[str, set[str]]:
    """The modules that each script uses, by the name of the script."""
    folders = ("features", "windows", "datasets")
    return {
        path.stem: set(module_digests(path)) for folder in folders for path in (SCRIPTS / folder).glob("*.py")
    }


@pytest.mark.parametrize("module", USED_BY)
def test_the_scripts_that_use_a_module(module: str, used: dict[str, set[str]]) -> None:
    assert {script for script, modules in used.items() if module in modules} == USED_BY[module]


@pytest.mark.parametrize("module", ["bsnpp.windows.tables", "bsnpp.features.manifest"])
def test_no_other_stage_uses_a_module(module: str) -> None:
    outside = ("project", "inspection")  # by hand, and whenever asked for
    stages = [path for path in SCRIPTS.glob("*/*.py") if path.parent.name not in outside]
    scripts = {path.stem for path in stages if module in module_digests(path)}
    assert scripts == USED_BY[module]
