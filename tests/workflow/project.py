"""A tiny challenge on disk and the real `snakemake` to run it."""

import csv
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bsnpp.datasets.simulation.settings import SimulationSettings
from tests.paths import ROOT, script

SNAKEMAKE = Path(sys.executable).with_name("snakemake")
ANNOTATIONS = "data/simulated/annotations.json"
CODE = ["bsnpp", "config", "scripts", "workflow", "environment.yml"]

MATCHING = {"bins": 4, "samples_per_bin": 2, "input_channels": 8, "filters": 8}
STAGES = [{"epochs": 2, "learning_rate": 0.001}]
SIZES = {"training": 16, "validation": 8, "testing": 8, "pretraining": 8, "classes": 3}

STREAMS = [  # encoder, dataset, name of the stream, path below features/
    ("sharp", "challenge", "rgb", "sharp/challenge/rgb"),
    ("sharp", "challenge", "flow", "sharp/challenge/flow"),
    ("sharp", "pretraining", "rgb", "sharp/pretraining/rgb"),
    ("sharp", "pretraining", "flow", "sharp/pretraining/flow"),
    ("smooth", "challenge", "rgb", "smooth/challenge/rgb.h5"),
    ("smooth", "challenge", "flow", "smooth/challenge/flow.h5"),
]
EXTERNAL = [["theirs", "theirs.validation.json", "theirs.testing.json"]]
CLASSIFIERS = [
    # classifier, source, scores, validation, testing, encoder
    ["alpha", "outside", "probabilities", "classifiers/alpha.json", "classifiers/alpha.json", ""],
    ["beta", "outside", "logits", "classifiers/beta.json", "classifiers/beta.json", ""],
    ["own", "trained", "", "", "", "sharp"],
]


@dataclass(frozen=True)
class Outcome:
    """Exit code and output of a command."""

    code: int
    text: str


def ended(process: subprocess.Popen[str]) -> Outcome:
    """Wait for a command to end."""
    text = process.communicate()[0]
    return Outcome(process.returncode, text)


class Jobs:
    """The jobs that `snakemake -n` would run."""

    def __init__(self, outcome: Outcome) -> None:
        assert outcome.code == 0, outcome.text
        self.text = outcome.text
        table = re.search(r"^job +count\n-+ +-+\n(.*?)\n\n", outcome.text, re.M | re.S)
        rows = (line.split() for line in table.group(1).splitlines()) if table else ()
        self.count = Counter({name: int(number) for name, number in rows if name not in ("total", "all")})

    @property
    def rules(self) -> set[str]:
        """Names of the rules with a job."""
        return set(self.count)

    @property
    def trainings(self) -> set[str]:
        """Generator, encoder and initialisation of every training."""
        trainings = re.findall(r"Training (\w+) on (\w+) \((\w+)\)", self.text)
        return {"/".join(words) for words in trainings}


@dataclass(frozen=True)
class Project:
    """A copy of the code and the folder in which it runs."""

    code: Path
    folder: Path
    installed: Path | None = None
    """The copy that the Python environment imports, as after an editable install; by default this one."""

    def start(self, *command: str | Path) -> subprocess.Popen[str]:
        """Start a command in the folder, with `bsnpp` imported from the installed copy of the code."""
        imported = str(self.installed or self.code)
        environment = {"PYTHONPATH": imported, "PATH": "/usr/bin:/bin", "HOME": str(Path.home())}
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def run(self, *command: str | Path) -> Outcome:
        """Run a command in the folder."""
        return ended(self.start(*command))

    def start_snakemake(self, *arguments: str, config: str = "tiny.yaml") -> subprocess.Popen[str]:
        """Start the workflow with a configuration in the folder, or with several layers."""
        snakefile = self.code / "workflow" / "Snakefile"
        return self.start(SNAKEMAKE, *arguments, "--snakefile", snakefile, "--configfile", *config.split())

    def snakemake(self, *arguments: str, config: str = "tiny.yaml") -> Outcome:
        """Run the workflow."""
        return ended(self.start_snakemake(*arguments, config=config))

    def script(self, name: str, *arguments: str | Path) -> Outcome:
        """Run a script by hand."""
        return self.run(sys.executable, self.code / script(name).relative_to(ROOT), *arguments)

    def jobs(self, config: str = "tiny.yaml") -> Jobs:
        """Return the jobs of a dry run."""
        return Jobs(self.snakemake("--dry-run", config=config))

    def read_annotations(self) -> dict[str, Any]:
        """Read the simulated ground truth."""
        return json.loads((self.folder / ANNOTATIONS).read_text())

    def write_annotations(self, content: dict[str, Any]) -> None:
        """Replace the simulated ground truth."""
        (self.folder / ANNOTATIONS).write_text(json.dumps(content))

    def write_external(self) -> None:
        """Write external detections: the true instances of every second video."""
        for subset in ("validation", "testing"):
            entries = self.read_annotations()["database"].items()
            chosen = [pair for pair in entries if pair[1]["subset"] == subset][::2]
            results = {
                video: [{**instance, "score": 0.9} for instance in entry["annotations"]]
                for video, entry in chosen
            }
            (self.folder / f"theirs.{subset}.json").write_text(json.dumps({"results": results}))

    def configure(self, config: dict[str, Any], name: str = "tiny.yaml") -> str:
        """Write a configuration and return its name."""
        (self.folder / name).write_text(yaml.safe_dump(config, sort_keys=False))
        return name

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text in a file of the code; it must be there."""
        path = self.code / file
        text = path.read_text()
        assert old in text, f"{file} does not contain {old!r}: update this test"
        path.write_text(text.replace(old, new, 1))


def copy_code(target: Path) -> Path:
    """Copy the parts of the project that a run needs."""
    for name in CODE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name)
        else:
            shutil.copy2(source, target / name)
    return target


def write_sheet(path: Path, header: str, rows: list[list[str]], data: str) -> None:
    """Write a sample sheet with paths in a folder."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows([f"{data}/{cell}" if "/" in cell else cell for cell in row] for row in rows)


def write_sheets(folder: Path, data: str) -> None:
    """Write the sheets of the tiny challenge; its external detections are in the folder itself."""
    streams = [[*row[:3], f"features/{row[3]}", "16"] for row in STREAMS]
    write_sheet(folder / "encoders.tsv", "encoder dataset name path channels", streams, data)
    write_sheet(
        folder / "classifiers.tsv", "classifier source scores validation testing encoder", CLASSIFIERS, data
    )
    write_sheet(folder / "external.tsv", "name validation testing", EXTERNAL, data)


def tiny_config() -> dict[str, Any]:
    """Return a small demo: two encoders, two outside classifiers and a trained one; files under data/."""
    config = yaml.safe_load((ROOT / "config/demo/config.yaml").read_text())
    del config["simulation"], config["scale_search"]
    config |= {"challenge": "tiny", "results": "results/tiny"}
    config |= {"encoders": "encoders.tsv", "classifiers": "classifiers.tsv"}
    config["external_detections"] = "external.tsv"
    config["annotations"] |= {"path": ANNOTATIONS, "classes": "classes.txt"}
    config["pretraining"]["path"] = "data/simulated/pretraining.json"
    config["scales"] = {"training": 8, "regimes": [{"below": 60, "scale": 6}, {"scale": 8}]}
    schedule = {"batch_size": 4, "stages": STAGES}
    bsnpp = {"architecture": "bsnpp", "base_channels": 8, "boundary_channels": 8, "relation_channels": 8}
    bmn = {"architecture": "bmn", "base_channels": 8, "confidence_channels": 8}
    config["generators"] = {
        "bsnpp": {
            "model": {**bsnpp, "matching": MATCHING},
            "training": schedule,
            "pretraining": {**schedule, "select": "last"},
        },
        "bmn": {"model": {**bmn, "matching": MATCHING}, "training": schedule},
    }
    config["blends"] = {
        "single": ["sharp/scratch"],
        "three": ["sharp/pretrained", "smooth/scratch"],
        "three_bmn": ["sharp/scratch"],
    }
    config["panels"] = {
        "outside": {"members": ["alpha", "beta"], "weights": "best"},
        "all": ["alpha", "beta", "own"],
        "own": ["own"],
    }
    config["variants"]["own"] = {"generators": {"bsnpp": "single"}, "panel": "own"}
    config["variants"]["theirs"] = {**config["variants"]["own"], "external": ["theirs"]}
    config["sweep"] = {"score": ["own"], "class_fusion": ["sqrt"], "nms": {"narrow": {"sigma": 0.2}}}
    config["evaluation"] = {"bootstrap_resamples": 20}
    config["inference"] = {"batch_size": 1}  # kernels for batches of other sizes differ in the last digits
    return deepcopy(config)  # sections share their schedule


def without_external(config: dict[str, Any]) -> dict[str, Any]:
    """Return the same challenge without external detections."""
    left = {key: value for key, value in config.items() if key != "external_detections"}
    variants = {name: value for name, value in config["variants"].items() if "external" not in value}
    return {**left, "variants": variants}


def simulated_config() -> dict[str, Any]:
    """Return the tiny challenge with its files simulated by the workflow under data/simulated."""
    defaults = SimulationSettings().model_dump(mode="json")
    encoders = [one for one in defaults["encoders"] if one["name"] in ("sharp", "smooth")]
    classifiers = [one for one in defaults["classifiers"] if one["name"] in ("alpha", "beta")]
    simulation = {**SIZES, "encoders": encoders, "classifiers": classifiers}
    config = {**without_external(tiny_config()), "results": "data", "simulation": simulation}
    del config["annotations"]["classes"]
    config["scales"]["further_training"] = [6]
    return config
