"""The report of a run and its figures: the same bytes every time, and a page that a browser opens."""

import re
from pathlib import Path

import pytest

from tests.summary.browser import CHROMIUM, Browser
from tests.workflow.project import ROOT, Project

RESULTS = "results/tiny"
TIMES = re.compile(r'<section id="costs">.*?</section>', re.S)
"""The only part of a report that depends on the run: time and memory of its jobs."""


def drawing_rules() -> list[str]:
    """Return the rules that draw what the report shows."""
    texts = [path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk")]
    names = {name for text in texts for name in re.findall(r"rule (draw_\w+):", text)}
    return sorted(names - {"draw_sweep"})


def contents(folder: Path) -> dict[str, bytes]:
    """Return the figures and the report without times, by name."""
    files = {path for path in (folder / "figures").rglob("*") if path.is_file()}
    report = TIMES.sub("", (folder / "report.html").read_text())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files} | {"report": report.encode()}


def test_drawing_again_gives_the_same_bytes(finished: Project) -> None:
    before = contents(finished.folder / RESULTS)
    done = finished.snakemake("--forcerun", *drawing_rules(), "write_report")
    assert done.code == 0, done.text
    after = contents(finished.folder / RESULTS)
    assert sorted(after) == sorted(before)
    assert [name for name in before if before[name] != after[name]] == []


def test_every_figure_is_a_picture_and_a_drawing(finished_run: Project) -> None:
    figures = finished_run.folder / RESULTS / "figures"
    for folder in (figures, figures / "videos"):
        names = {suffix: {path.stem for path in folder.glob(f"*{suffix}")} for suffix in (".png", ".svg")}
        assert names[".png"] == names[".svg"] != set()


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian: apt-get install chromium)")
def test_the_report_opens_without_an_error_and_without_network(finished_run: Project, tmp_path: Path) -> None:
    with Browser(tmp_path / "profile") as browser:
        browser.open(finished_run.folder / RESULTS / "report.html")
        assert browser.value("document.querySelectorAll('.video svg image').length") > 0
        assert browser.value("[...document.images].filter(image => !image.naturalWidth).length") == 0
        assert browser.faults() == []
