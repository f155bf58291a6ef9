"""The layers over the configuration of the demo plan what they promise."""

import shutil
from pathlib import Path

from tests.workflow.project import ROOT, Project


def test_the_layer_of_full_size_has_the_jobs_of_the_demo(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    demo, full = "config/demo/config.yaml", "config/demo/full_size.yaml"
    project = Project(ROOT, tmp_path)
    assert project.jobs(f"{demo} {full}").count == project.jobs(demo).count


def test_the_layer_of_additions_trains_the_members_of_d_twice(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    demo, additions = "config/demo/config.yaml", "config/demo/additions.yaml"
    project = Project(ROOT, tmp_path)
    members = {"bsnpp/sharp/pretrained", "bsnpp/medium/pretrained", "bsnpp/smooth/scratch"}
    members |= {f"bmn/{encoder}/scratch" for encoder in ("sharp", "medium", "smooth")}
    once, twice = project.jobs(demo).trainings, project.jobs(f"{demo} {additions}").trainings
    assert members < once < twice
    assert twice - once == {f"{member}_seed101" for member in members}
