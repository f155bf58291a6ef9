"""The target `inspect` makes the data, looks at them each time, and keeps its report if there are faults."""

import json
from pathlib import Path

from tests.workflow.project import Project, copy_code, simulated_config, write_sheets


def test_the_data_are_made_and_inspected_before_anything_is_trained(tmp_path: Path) -> None:
    project = Project(copy_code(tmp_path / "code"), tmp_path)
    write_sheets(tmp_path, "data/simulated")
    project.configure(simulated_config())
    folder = tmp_path / "data/inspection"
    good = project.snakemake("inspect")
    assert good.code == 0, good.text
    assert not (tmp_path / "data/models").exists() and not (tmp_path / "data/features").exists()
    text = (folder / "report.txt").read_text()
    assert text in good.text and "tiny: usable, " in text
    assert (folder / "figure.png").read_bytes().startswith(b"\x89PNG")
    first, *_ = (tmp_path / "data/simulated/features/sharp/challenge/rgb").iterdir()
    first.write_bytes(b"x")
    bad = project.snakemake("inspect")
    assert bad.code == 1, bad.text
    assert "Traceback" not in bad.text and first.name in bad.text
    assert "1 fault would stop the run" in bad.text
    assert not json.loads((folder / "report.json").read_text())["usable"]
    assert first.name in (folder / "report.txt").read_text()
