"""A challenge with a stream of features, whose parts a test may replace before it is inspected."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from bsnpp.cli.main import dispatch
from bsnpp.core.errors import UserError
from tests.paths import ROOT

SUBSETS = {"training": 8, "validation": 4, "testing": 4}
CHANNELS = 6
INSTANCES = [{"segment": [3.0, 20.0], "label": "run"}, {"segment": [25.0, 33.0], "label": "jump"}]


class Data:
    """A challenge with a stream of .npy files, in the working directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database: dict[str, Any] = {}
        self.config: dict[str, Any] = {}
        self.streams = [{"encoder": "mine", "name": "rgb", "path": "features", "channels": str(CHANNELS)}]
        self.classifiers = (ROOT / "config/template/classifiers.tsv").read_text()
        (folder / "features").mkdir()
        for subset, number in SUBSETS.items():
            for index in range(number):
                seconds = 40.0 + 5 * index
                video = {"subset": subset, "duration": seconds, "annotations": [*INSTANCES]}
                self.database[f"{subset}{index}"] = video
                self.write(f"{subset}{index}", np.ones((int(2 * seconds), CHANNELS), np.float32))

    def write(self, name: str, array: np.ndarray) -> None:
        np.save(self.folder / "features" / f"{name}.npy", array)

    def inspect(self, *options: str) -> list[dict[str, Any]]:
        """Write annotations and configuration, inspect, and return the findings."""
        (self.folder / "annotations.json").write_text(json.dumps({"database": self.database}))
        config = yaml.safe_load((ROOT / "config/template/config.yaml").read_text())
        config["annotations"] = {"layout": "activitynet", "path": "annotations.json"}
        config |= {"encoders": "encoders.tsv", "compute": {"device": "cpu"}}
        config |= {"classifiers": "classifiers.tsv", **self.config}
        (self.folder / "config.yaml").write_text(yaml.safe_dump(config))
        columns = list(dict.fromkeys(column for row in self.streams for column in row))
        rows = [columns, *([row.get(column, "") for column in columns] for row in self.streams)]
        (self.folder / "encoders.tsv").write_text("".join("\t".join(row) + "\n" for row in rows))
        (self.folder / "classifiers.tsv").write_text(self.classifiers)
        dispatch(["inspect", "--configfile", "config.yaml", "--json", "look.json", *options])
        return self.findings()

    def findings(self) -> list[dict[str, Any]]:
        findings: list[dict[str, Any]] = json.loads((self.folder / "look.json").read_text())["findings"]
        return findings

    def faults(self, *options: str) -> dict[str, dict[str, Any]]:
        with pytest.raises(UserError, match="would stop the run"):
            self.inspect(*options)
        return {one["text"]: one for one in self.findings() if one["level"] == "fault"}
