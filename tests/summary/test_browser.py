"""Reports open in headless Chromium without an error and without a request to the network.

BSNPP_REPORTS="results/demo/report.html results/hapt/report.html" also opens these reports, and
BSNPP_SCREENSHOTS=folder writes screenshots of all of them, page by page.
"""

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bsnpp.core.grid import ProposalGrid
from bsnpp.reporting.video_choice import choose_videos, video_scores
from bsnpp.reporting.video_maps import video_maps
from bsnpp.summary.report import report_page
from bsnpp.summary.video_files import write_video
from tests.reporting.video_example import DETECTIONS, INSTANCES, VIDEOS
from tests.summary.browser import CHROMIUM, Browser
from tests.summary.example import tiny_run

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium (Debian: apt-get install chromium) to open reports"
)
REPORTS = os.environ.get("BSNPP_REPORTS", "").split()
HEIGHT = 1500
"""Height of a screenshot [pixel]."""

GRID = ProposalGrid(5)
CONFIDENCE = np.linspace(0.1, 0.9, len(GRID))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report of a tiny run with three videos."""
    folder = tmp_path_factory.mktemp("report")
    maps = video_maps("bsnpp", GRID, np.full((2, 5), 0.5), CONFIDENCE, 10.0)
    chosen = choose_videos(VIDEOS, INSTANCES, video_scores(INSTANCES, DETECTIONS, [0.5]))
    rows = [
        write_video(number, one, INSTANCES, {"C": DETECTIONS}, [maps], folder)
        for number, one in enumerate(chosen, 1)
    ]
    run = dataclasses.replace(tiny_run([]), videos_shown=pd.DataFrame(rows), video_folder=folder)
    path = folder / "report.html"
    path.write_text(report_page(run), encoding="utf-8")
    return path


def write_screenshots(browser: Browser, name: str) -> None:
    """Write the open page as pictures, if the environment names a folder for them."""
    folder = os.environ.get("BSNPP_SCREENSHOTS")
    if folder:
        size = [browser.value(f"document.documentElement.scroll{side}") for side in ("Width", "Height")]
        for number, top in enumerate(range(0, size[1], HEIGHT)):
            path = Path(folder) / f"{name}.{number:02d}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            browser.screenshot(path, 0, top, size[0], min(HEIGHT, size[1] - top))


def check(browser: Browser, path: Path, name: str) -> None:
    """Open a report with everything unfolded."""
    browser.open(path)
    assert browser.value("document.title").startswith("Report: ")
    browser.value("document.querySelectorAll('.video').forEach(figure => figure.parentNode.open = true)")
    widths = browser.value("[...document.querySelectorAll('.video svg')].map(one => one.clientWidth)")
    assert all(width > 300 for width in widths)
    broken = "[...document.images].filter(image => !image.naturalWidth).length"
    assert browser.value(broken) == 0
    assert browser.value("document.documentElement.scrollWidth <= innerWidth"), "wider than the window"
    assert browser.value("document.querySelectorAll('[data-tip]').length") >= len(widths)
    ids = browser.value("[...document.querySelectorAll('.video [id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    write_screenshots(browser, name)
    assert browser.faults() == []


def test_the_report_of_a_tiny_run_opens_without_an_error_and_without_network(
    browser: Browser, report: Path
) -> None:
    check(browser, report, "tiny")
    assert browser.value("document.querySelectorAll('.video svg').length") == 3


@pytest.mark.skipif(not REPORTS, reason="BSNPP_REPORTS names no report of a finished run")
@pytest.mark.parametrize("path", REPORTS)
def test_the_report_of_a_finished_run_opens_without_an_error_and_without_network(
    browser: Browser, path: str
) -> None:
    check(browser, Path(path), Path(path).resolve().parent.name)
    assert browser.value("document.querySelectorAll('.video svg').length") > 0


def point(browser: Browser, selector: str, x: float = 0.5, y: float = 0.5) -> str | None:
    """Move the pointer to a place in an element, shares of its box, and return the text that appears."""
    box = f"document.querySelector({selector!r}).getBoundingClientRect()"
    browser.value(f"document.querySelector({selector!r}).scrollIntoView({{block: 'center'}})")
    left, top, width, height = browser.value(f"[{box}.left, {box}.top, {box}.width, {box}.height]")
    tip = "document.querySelector('.tip')"
    for shift in (0.0, 0.3):  # the first move loads the image
        browser.point_at(left + x * width + shift, top + y * height)
        browser.value("new Promise(done => setTimeout(done, 200))")
    text: str | None = browser.value(f"{tip}.hidden ? null : {tip}.textContent")
    return text


def test_pointing_at_a_segment_shows_its_score_and_tiou(browser: Browser, report: Path) -> None:
    browser.open(report)
    first = ".video svg"
    number = browser.value(f"document.querySelector({first!r} + ' [data-tip]').dataset.tip")
    assert number.startswith("ground truth: ")
    text = point(browser, "[data-tip^='C, rank 1']")
    assert text is not None and "score 0." in text and "best tIoU with its class" in text
    browser.point_at(1, 1)
    assert browser.value("document.querySelector('.tip').hidden")


@pytest.mark.parametrize(("start", "cells"), [(0, 1), (2, 2), (1, 4), (0, 5), (4, 1)])
def test_pointing_at_a_confidence_map_shows_the_proposal_and_its_value(
    browser: Browser, report: Path, start: int, cells: int
) -> None:
    browser.open(report)
    browser.value("document.querySelectorAll('.video').forEach(figure => figure.parentNode.open = true)")
    image = "[data-cell] image"
    x, y = (start + cells / 2 + 0.1) / GRID.scale, 1 - (cells - 0.5) / GRID.durations
    row = int(np.flatnonzero((GRID.start_cell == start) & (GRID.length == cells))[0])
    text = point(browser, image, x, y)
    times = f"{2 * start:.1f} s to {2 * (start + cells):.1f} s"
    assert text is not None and text.startswith(f"{times}: confidence ")
    assert float(text.rpartition(" ")[2]) == pytest.approx(CONFIDENCE[row], abs=0.011)
