"""Figure of one video, and the notes in its SVG file."""

from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest

from bsnpp.reporting.svg_notes import save_with_notes
from bsnpp.reporting.video_figure import LEAST, WHITE_TO_DARK, VideoFigure, video_figure
from tests.reporting.video_example import DETECTIONS, INSTANCES, maps_of

SVG = "{http://www.w3.org/2000/svg}"


def drawing(maps: int = 2) -> VideoFigure:
    own = DETECTIONS[DETECTIONS["video"] == "a"]
    generators = [maps_of(name, index) for index, name in enumerate(["bsnpp", "bmn"][:maps])]
    truth = INSTANCES[INSTANCES["video"] == "a"]
    return video_figure("a (best)", 10.0, truth, {"D": own, "C": own.head(0)}, generators)


@pytest.mark.parametrize("maps", [0, 1, 2])
def test_all_panels_share_one_time_axis(maps: int) -> None:
    axes = drawing(maps).figure.axes
    assert len(axes) == 1 + 2 * maps + 2
    assert {one.get_xlim() for one in axes} == {(0.0, 10.0)}
    assert len({tuple(np.round(one.get_position().intervalx, 9)) for one in axes}) == 1
    tops = [one.get_position().y0 for one in axes]
    assert tops == sorted(tops, reverse=True), "panels are not one below the other"
    assert axes[-1].get_xlabel() == "time (s)"


def test_notes_give_score_and_tiou() -> None:
    notes = drawing().notes
    assert notes["instance-0"].title == "ground truth: run & jump, 1.0 s to 4.0 s"
    assert notes["detection-0-0"].title == (
        "D, rank 1: run & jump, score 0.9, 1.0 s to 4.0 s; best tIoU with its class 1.00, hit at 0.5"
    )
    assert "score 0.8, 5.5 s to 9.0 s; best tIoU with its class 0.88, hit" in notes["detection-0-1"].title
    assert notes["detection-0-2"].title.endswith("best tIoU with its class 0.00")
    assert notes["detection-0-3"].title.endswith("best tIoU with its class 0.00"), (
        "another class does not count"
    )
    assert notes["map-1"].data == {"cell": "2", "peak": f"{maps_of('bmn', 1).peak:.6g}"}


def test_at_most_as_many_detections_as_instances_are_shown_but_five() -> None:
    many = DETECTIONS.head(1).loc[[0] * 20].assign(score=np.linspace(0.1, 0.9, 20))
    notes = video_figure("a", 10.0, INSTANCES.head(2), {"D": many}, []).notes
    assert len([name for name in notes if name.startswith("detection")]) == LEAST


def test_a_video_without_instances_or_detections_is_drawn() -> None:
    figure = video_figure("c", 12.0, INSTANCES.head(0), {"D": DETECTIONS.head(0)}, [maps_of("bsnpp")]).figure
    assert figure.axes[0].get_title(loc="left") == "ground truth: no instances"
    assert figure.axes[-1].get_title(loc="left") == "D: no detections"


@pytest.mark.parametrize("length", [1, 12, 28, 60])
def test_names_of_classes_are_inside_the_figure(length: int) -> None:
    label = "W" + "a" * (length - 1)
    one = INSTANCES.head(1).assign(label=label)
    drawn = video_figure("a", 10.0, one, {"D": one.assign(score=0.5)}, [])
    drawn.figure.draw_without_rendering()
    (name,) = drawn.figure.axes[0].get_yticklabels()
    assert name.get_window_extent().x0 >= 0
    assert name.get_text() == (label if length <= 28 else f"{label[:27]}…")
    assert label in drawn.notes["detection-0-0"].title


def test_every_note_is_in_the_file_and_the_bytes_are_the_same_twice(tmp_path: Path) -> None:
    for name in ("one", "two"):
        one = drawing()
        save_with_notes(one.figure, one.notes, 'a "video" & more', tmp_path / f"{name}.svg")
    first, second = (path.read_bytes() for path in sorted(tmp_path.iterdir()))
    assert first == second
    root = ElementTree.fromstring(first)
    assert (root.get("role"), root.get("aria-label")) == ("img", 'a "video" & more')
    titles = {group.get("id"): group.findtext(f"{SVG}title") for group in root.iter(f"{SVG}g")}
    assert {name: titles[name] for name in one.notes} == {
        name: note.title for name, note in one.notes.items()
    }
    (image,) = (group for group in root.iter(f"{SVG}g") if group.get("id") == "map-0")
    assert image.get("data-cell") == "2" and image.find(f".//{SVG}image") is not None


def test_red_gives_the_value_of_a_colour() -> None:
    values = np.linspace(0, 1, 256)
    assert np.allclose(WHITE_TO_DARK(values)[:, 0], 1 - values, atol=1 / 255)
    grey = matplotlib.colors.rgb_to_hsv(WHITE_TO_DARK(values)[:, :3])[:, 2]
    assert np.all(np.diff(grey) <= 1e-9)
