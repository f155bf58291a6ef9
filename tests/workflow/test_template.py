"""A copy of config/template runs with its quick layer on the files of a user."""

import json
import shutil
from pathlib import Path

import pandas as pd

from bsnpp.datasets.simulation.challenge import simulate
from bsnpp.datasets.simulation.settings import SimulatedEncoder, SimulationSettings
from tests.workflow.project import ROOT, Project


def test_a_copy_of_the_template_gives_a_submission(tmp_path: Path) -> None:
    encoder = SimulatedEncoder(name="mine", container="npy", blur=1.0, gain=1.0)
    sizes = {"training": 16, "validation": 6, "testing": 6, "pretraining": 0, "classes": 3}
    simulate(SimulationSettings(**sizes, encoders=(encoder,), classifiers=()), 0, tmp_path / "data")
    mine = tmp_path / "config/mine"
    shutil.copytree(ROOT / "config/template", mine)
    sheet = (mine / "encoders.tsv").read_text()
    streams = sheet.replace("data/features\t512", "data/features/mine/challenge/rgb\t16")
    (mine / "encoders.tsv").write_text(streams)
    project = Project(ROOT, tmp_path)
    layers = "config/mine/config.yaml config/mine/quick.yaml"
    done = project.snakemake(config=layers)
    assert done.code == 0, done.text
    results = tmp_path / "results/mine_quick"
    assert "valid, 6 videos" in (results / "submission.valid.txt").read_text()
    assert set(json.loads((results / "submission.json").read_text())) == {
        "version", "results", "external_data"
    }  # fmt: skip
    table = pd.read_csv(results / "tables/ablation.csv")
    assert table["variant"].tolist() == ["baseline"] * 2 and set(table["subset"]) == {"validation", "testing"}
    assert not project.jobs(layers).count
