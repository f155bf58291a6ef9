"""A small configuration, and a folder with its sample sheets."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from bsnpp.challenge.load import load_challenge, load_plan
from bsnpp.challenge.plan import Plan
from bsnpp.core.errors import UserError

SMALL: dict[str, Any] = {
    "challenge": "mine",
    "annotations": {"layout": "activitynet", "path": "{results}/{challenge}.json"},
    "encoders": "config/{challenge}/encoders.tsv",
    "classifiers": "classifiers.tsv",
    "generators": {"bsnpp": {"model": {"architecture": "bsnpp"}}},
    "blends": {"single": ["one/scratch"]},
    "panels": {"outside": ["cuhk"]},
    "variants": {"baseline": {"generators": {"bsnpp": "single"}, "panel": "outside"}},
    "submission": {"variant": "baseline"},
}
ENCODERS = """encoder	dataset	name	path	channels
one	challenge	rgb	{results}/simulated/one/rgb	16
one	challenge	flow	{results}/simulated/one/flow	8
one	pretraining	rgb	{results}/simulated/more/rgb	16
one	pretraining	flow	{results}/simulated/more/flow	8
two	challenge	rgb	{results}/simulated/two.h5	4
"""
CLASSIFIERS = """classifier	source	scores	validation	testing	encoder
cuhk	outside	probabilities	{results}/simulated/cuhk.json	{results}/simulated/cuhk.json
own	trained				two
"""
EXTERNAL = "name\tvalidation\ttesting\ntheirs\tours/val.json\tours/test.json\n"


class Folder:
    """A folder with sample sheets in which plans are loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "encoders.tsv").write_text(ENCODERS)
        (path / "classifiers.tsv").write_text(CLASSIFIERS)

    def edit(self, sheet: str, old: str, new: str) -> None:
        path = self.path / f"{sheet}.tsv"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    def touch(self, *names: str) -> None:
        for name in names:
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).touch()

    def config(self, **changes: Any) -> dict[str, Any]:
        annotations = {"layout": "activitynet", "path": "{results}/simulated/mine.json"}
        sheets = {"encoders": "encoders.tsv", "classifiers": "classifiers.tsv"}
        return {**SMALL, **sheets, "annotations": annotations, "simulation": {}, **changes}

    def plan(self, **changes: Any) -> Plan:
        return load_plan(self.config(**changes))

    def message(self, **changes: Any) -> str:
        with pytest.raises(UserError) as caught:
            self.plan(**changes)
        return str(caught.value)


def variant(**changes: Any) -> dict[str, Any]:
    return {"generators": {"bsnpp": "single"}, "panel": "outside", **changes}


def faults_of(**changes: Any) -> list[str]:
    """Return the faults of a changed configuration, one per line."""
    with pytest.raises(UserError) as caught:
        load_challenge({**deepcopy(SMALL), **changes})
    return [line.strip() for line in str(caught.value).splitlines()[1:-1]]
