from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bsnpp.reporting.figures import ablation_bars, average_recall_curves, sampling_bars, save, training_curves
from bsnpp.reporting.style import COLOURS, curve_style, lighten
from bsnpp.reporting.timeline import detections_timeline, share_found

INSTANCES = pd.DataFrame(
    {
        "video": ["a", "a", "b"],
        "start": [1.0, 5.0, 0.0],
        "end": [3.0, 9.0, 2.0],
        "label": ["run", "sit", "fly"],
    }
)
DETECTIONS = pd.DataFrame(
    {
        "video": ["a", "b", "a", "a"],
        "label": ["run", "fly", "sit", "fly"],
        "score": [0.2, 0.9, 0.8, 0.4],
        "start": [1.0, 0.0, 5.5, 2.0],
        "end": [2.5, 1.0, 9.5, 4.0],
    }
)


def _figure() -> Figure:
    return detections_timeline("a", 10.0, INSTANCES, {"A": DETECTIONS, "none": DETECTIONS.head(0)})


def _bars(figure: Figure, panel: int) -> list[tuple[float, float]]:
    bars = [bar for container in figure.axes[panel].containers for bar in container]
    assert all(isinstance(bar, Rectangle) for bar in bars)
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars]


def test_the_timeline_shows_this_video_only_and_its_best_detections() -> None:
    figure = _figure()
    assert sorted(_bars(figure, 0)) == [(1.0, 3.0), (5.0, 9.0)]
    assert _bars(figure, 1) == [(5.5, 9.5), (2.0, 4.0)]  # two instances, two detections, the best first
    assert [label.get_text() for label in figure.axes[1].get_yticklabels()] == ["run", "sit", "fly"]
    titles = ["ground truth", "A: 50% of the instances found at tIoU 0.7", "none: no detection"]
    assert [axes.get_title(loc="left") for axes in figure.axes] == titles
    assert "grey" in figure.get_suptitle()  # fly is no class of video a


def test_a_stronger_score_has_a_stronger_colour() -> None:
    first, second = (bar.get_facecolor() for container in _figure().axes[1].containers for bar in container)
    assert first[:3] == pytest.approx(lighten(COLOURS[1], 1.0))
    assert second[:3] == pytest.approx(lighten("#9A9A9A", 0.25 + 0.75 * 0.5))


def test_no_detection_hides_another() -> None:
    instances = INSTANCES.head(1).loc[[0] * 4]
    detections = pd.DataFrame({"start": [0.0, 1.0, 4.0, 3.0], "end": [9.0, 4.0, 5.0, 6.0]}).assign(
        video="a", label="run", score=[0.9, 0.8, 0.7, 0.6]
    )
    figure = detections_timeline("a", 10.0, instances, {"A": detections})
    bars = [bar for container in figure.axes[1].containers for bar in container]
    middles = [bar.get_y() + bar.get_height() / 2 for bar in bars]
    assert np.allclose(middles, [-0.65 / 3, 0.0, 0.0, 0.65 / 3])  # the first covers all, two share a lane
    assert np.allclose([bar.get_height() for bar in bars], 0.65 / 3)


def test_an_instance_is_found_once_by_its_own_class_among_as_many_detections() -> None:
    perfect = INSTANCES.assign(score=0.5)
    assert share_found("a", INSTANCES, perfect) == 1.0 and share_found("b", INSTANCES, perfect) == 1.0
    twice = pd.concat([perfect.head(1)] * 2)
    assert share_found("a", INSTANCES, twice) == 0.5  # one instance found twice is one
    assert share_found("a", INSTANCES, perfect.assign(label="fly")) == 0.0
    louder = perfect.assign(score=0.9, label="fly")
    assert share_found("a", INSTANCES, pd.concat([perfect, louder])) == 0.0  # beyond the first two
    assert np.isnan(share_found("stranger", INSTANCES, perfect))


def test_a_video_without_anything_is_drawn() -> None:
    figure = detections_timeline("stranger", 10.0, INSTANCES, {"A": DETECTIONS})
    assert figure.axes[0].get_title(loc="left") == "ground truth: no instance"


def test_recall_curves_are_in_per_cent_and_averaged_over_thresholds() -> None:
    axes = average_recall_curves({"A": np.array([[0.2, 0.4], [0.4, 0.8]]), "B": np.array([0.1, 0.2])}).axes[0]
    first, second = axes.get_lines()
    assert np.allclose(first.get_xydata(), [[1, 30], [2, 60]])
    assert np.allclose(second.get_xydata(), [[1, 10], [2, 20]])
    assert first.get_label() == "A: AR@2 60.0 %, AUC 22.5 %"


def test_the_ablation_draws_every_variant_and_every_step() -> None:
    table = pd.DataFrame(
        {
            "variant": ["baseline", "A", "A"],
            "subset": ["testing", "testing", "validation"],
            "average_map": [30.0, 40.0, 50.0],
            "step_from": [None, "baseline", None],
            "step_gain": [np.nan, 10.0, np.nan],
            "step_low": [np.nan, 4.0, np.nan],
            "step_high": [np.nan, 15.0, np.nan],
        }
    )
    left, right = (figure := ablation_bars(table)).axes
    assert [bar.get_width() for container in left.containers for bar in container] == [30.0, 40.0, 50.0]
    assert [label.get_text() for label in left.get_yticklabels()] == ["baseline", "A\n(from baseline)"]
    interval = right.collections[0].get_paths()[1].vertices
    assert np.asarray(interval)[:, 0].tolist() == [4.0, 15.0]
    assert np.asarray(right.get_lines()[0].get_xdata())[1] == 10.0
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["testing", "validation (tuned on)"]


def test_without_steps_only_the_variants_are_drawn() -> None:
    columns = ["step_from", "step_gain", "step_low", "step_high"]
    table = pd.DataFrame({"variant": ["baseline"], "subset": ["testing"], "average_map": [30.0]})
    (axes,) = ablation_bars(table.assign(**dict.fromkeys(columns, np.nan))).axes
    assert axes.get_title(loc="left") == "Variants"


def test_training_curves_have_a_row_for_each_generator_and_a_panel_for_each_loss() -> None:
    one = pd.DataFrame({"epoch": [1, 2], "train_total": [3.0, 2.0], "validation_total": [4.0, 3.0]})
    two = pd.DataFrame({"epoch": [1, 2], "train_total": [3.0, 2.0], "train_boundary": [1.0, 0.5]})
    figure = training_curves({"bsnpp": {"one": one, "two": two}, "bmn": {"three": one}})
    assert [(axes.get_title(loc="left"), len(axes.get_lines())) for axes in figure.axes] == [
        ("bsnpp: total", 3),
        ("bsnpp: boundary", 1),
        ("bmn: total", 2),
        ("bmn: boundary", 0),
    ]
    legends = [axes.get_legend() for axes in figure.axes if axes.get_legend()]
    names = [[text.get_text() for text in legend.get_texts()] for legend in legends]
    assert names == [["one", "two"], ["three"]]


def test_a_single_epoch_is_drawn_as_a_point() -> None:
    table = pd.DataFrame({"epoch": [1], "train_total": [3.0], "validation_total": [4.0]})
    (axes,) = training_curves({"bsnpp": {"one": table}}).axes
    assert {line.get_marker() for line in axes.get_lines()} == {"o"}
    assert all(tick == int(tick) for tick in axes.get_xticks())


def test_curves_beyond_the_colours_get_another_line() -> None:
    styles = [tuple(curve_style(index).values()) for index in range(32)]
    assert len(set(styles)) == 32


def test_the_same_figure_has_the_same_bytes_and_no_other_format_is_taken(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        save(_figure(), tmp_path / "new folder" / name)
    one, two = (path.read_bytes() for path in sorted((tmp_path / "new folder").iterdir()))
    assert one == two
    assert one.startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="PNG"):
        save(_figure(), tmp_path / "one.pdf")


def test_sampling_bars_show_shares_of_each_stage(tmp_path: Path) -> None:
    cells = [(kind, region) for kind in ("positive", "negative") for region in ("short", "middle", "long")]
    numbers = {"all": [1, 2, 3, 10, 20, 4], "balanced": [5, 5, 0, 5, 5, 0]}
    rows = [(stage, *cell, n) for stage, row in numbers.items() for cell, n in zip(cells, row, strict=True)]
    figure = sampling_bars(pd.DataFrame(rows, columns=["stage", "kind", "region", "proposals"]))
    for axes, (stage, row) in zip(figure.axes, numbers.items(), strict=True):
        heights = [bar.get_height() for container in axes.containers for bar in container]
        np.testing.assert_allclose(heights, 100 * np.array(row) / sum(row))
        assert axes.get_title("left").startswith(f"{stage}\n{sum(row)} proposals")
    save(figure, tmp_path / "sampling.png")
    assert (tmp_path / "sampling.png").stat().st_size > 0
