"""The chosen videos: their maps, files and HTML."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bsnpp.core.grid import ProposalGrid
from bsnpp.features.scales import DurationRegime, ScaleSettings
from bsnpp.reporting.video_choice import choose_videos, video_scores
from bsnpp.stores.maps import write_maps
from bsnpp.stores.tables import write_table
from bsnpp.summary.video_files import videos_html, write_video
from bsnpp.summary.video_sources import MapSettings, MapSource, open_map_source
from bsnpp.windows.cells import CellSettings
from tests.reporting.video_example import DETECTIONS, INSTANCES, VIDEOS, maps_of


def fused(path: Path, scale: int, videos: list[str]) -> str:
    """Write fused maps whose confidence is 1 / scale."""
    grid = ProposalGrid(scale)
    maps = np.full((len(videos), 3, len(grid)), 1 / scale, np.float32)
    write_maps(path, grid, videos, [(np.full((len(videos), 2, scale), 0.5, np.float32), maps)], "fused")
    return str(path)


def test_the_maps_of_a_video_are_those_of_its_scale(tmp_path: Path) -> None:
    paths = [fused(tmp_path / "4.h5", 4, ["a", "b"]), fused(tmp_path / "8.h5", 8, ["a", "c"])]
    scales = ScaleSettings(
        training=8, regimes=(DurationRegime(below=11, scale=4), DurationRegime(below=None, scale=8))
    )
    settings = MapSettings(generators=("bsnpp",), scales=scales)
    source = open_map_source(settings, paths, None)
    for video, duration, scale in (("a", 10.0, 4), ("b", 8.0, 4), ("c", 12.0, 8)):
        (maps,) = source.of_video(video, duration, duration)
        assert maps.confidence.shape == (scale, 2 * scale)
        assert maps.peak == pytest.approx(1 / scale) and maps.seconds == pytest.approx(duration)
    assert source.of_video("d", 10.0, 10.0) == []


def test_the_maps_of_a_recording_are_those_of_its_windows(tmp_path: Path) -> None:
    names = ["r@0", "r@1", "s@0"]
    windows = pd.DataFrame({"window": names, "video": ["r", "r", "s"], "start": [0.0, 4.0, 0.0]})
    write_table(tmp_path / "windows.tsv", windows.assign(end=windows["start"] + 8))
    settings = MapSettings(generators=("bmn",), windows=CellSettings(cells=4, cell_seconds=2.0))
    source = open_map_source(settings, [fused(tmp_path / "4.h5", 4, names)], str(tmp_path / "windows.tsv"))
    (maps,) = source.of_video("r", 12.0, 12.0)
    assert maps.confidence.shape == (4, 12)
    assert np.isfinite(maps.boundary).all()
    assert source.of_video("t", 12.0, 12.0) == []


def test_without_generators_there_are_no_maps() -> None:
    source = open_map_source(MapSettings(), [], None)
    assert isinstance(source, MapSource) and source.of_video("a", 10.0, 10.0) == []


@pytest.fixture
def written(tmp_path: Path) -> tuple[pd.DataFrame, Path]:
    """Choose, draw and tabulate the videos of the example."""
    scores = video_scores(INSTANCES, DETECTIONS, [0.5])
    chosen = choose_videos(VIDEOS, INSTANCES, scores)
    detections = {"D": DETECTIONS, "C": DETECTIONS.head(2)}
    rows = [
        write_video(number, one, INSTANCES, detections, [maps_of("bsnpp")], tmp_path)
        for number, one in enumerate(chosen, 1)
    ]
    return pd.DataFrame(rows), tmp_path


def test_every_chosen_video_has_both_files(written: tuple[pd.DataFrame, Path]) -> None:
    table, folder = written
    expected = {f"{name}.{suffix}" for name in table["file"] for suffix in ("png", "svg")}
    assert {path.name for path in folder.iterdir()} == expected
    assert set(table["video"]) == {"a", "b", "c"}
    assert table["file"].iloc[0].startswith("01.worst.")


def test_the_drawings_are_inside_the_page_with_ids_of_their_own(written: tuple[pd.DataFrame, Path]) -> None:
    text = videos_html(*written)
    assert text.count("<svg") == text.count("</svg>") == len(written[0])
    ids = re.findall(r'\sid="([^"]*)"', text)
    prefixes = {name.split("-")[0] for name in ids}
    assert prefixes == {f"v{index + 1}" for index in range(len(written[0]))}
    references = re.findall(r'(?:url\(#|href="#)([^")]*)', text)
    assert references and set(references) <= set(ids)
    assert "http" not in text and "<!DOCTYPE" not in text
    assert "score 0.9, 1.0 s to 4.0 s; best tIoU" in text
    assert "run &amp; jump" in text and "run & jump" not in text


def test_the_title_of_a_video_gives_its_facts(written: tuple[pd.DataFrame, Path]) -> None:
    text = videos_html(*written)
    titles = re.findall(r"<summary>(.*?)</summary>", text)
    assert any(title.endswith("longest: c (0 instances, 12.0 s)") for title in titles)
    assert any("b (1 instance, 8.0 s, mAP 100.0 %)" in title for title in titles)
