"""Figure of the detections in one video, and the ranking of videos."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bsnpp.reporting.style import COLOURS, lighten
from bsnpp.reporting.timeline import detections_timeline, rank_videos, share_detected

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


def test_only_this_video_and_its_best_detections_are_drawn() -> None:
    figure = _figure()
    assert sorted(_bars(figure, 0)) == [(1.0, 3.0), (5.0, 9.0)]
    assert _bars(figure, 1) == [(5.5, 9.5), (2.0, 4.0)]  # two instances, so two detections, best first
    assert [label.get_text() for label in figure.axes[1].get_yticklabels()] == ["run", "sit", "fly"]
    titles = ["ground truth", "A: 50% of the instances detected at tIoU 0.7", "none: no detections"]
    assert [axes.get_title(loc="left") for axes in figure.axes] == titles
    assert "grey" in figure.get_suptitle()  # video a has no instance of fly


def test_a_higher_score_has_a_darker_colour() -> None:
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
    assert np.allclose(middles, [-0.65 / 3, 0.0, 0.0, 0.65 / 3])  # the first overlaps all, two share a lane
    assert np.allclose([bar.get_height() for bar in bars], 0.65 / 3)


def test_an_instance_is_detected_once_by_its_own_class_among_as_many_detections() -> None:
    perfect = INSTANCES.assign(score=0.5)
    assert share_detected("a", INSTANCES, perfect) == 1.0 and share_detected("b", INSTANCES, perfect) == 1.0
    twice = pd.concat([perfect.head(1)] * 2)
    assert share_detected("a", INSTANCES, twice) == 0.5  # one instance detected twice counts once
    assert share_detected("a", INSTANCES, perfect.assign(label="fly")) == 0.0
    louder = perfect.assign(score=0.9, label="fly")
    assert share_detected("a", INSTANCES, pd.concat([perfect, louder])) == 0.0  # not among the best two
    assert np.isnan(share_detected("stranger", INSTANCES, perfect))


def test_a_video_without_instances_is_drawn() -> None:
    figure = detections_timeline("stranger", 10.0, INSTANCES, {"A": DETECTIONS})
    assert figure.axes[0].get_title(loc="left") == "ground truth: no instances"


def test_videos_with_two_instances_are_ranked_worst_first() -> None:
    instances = pd.concat([INSTANCES, INSTANCES.head(2).assign(video="c")])
    detections = pd.concat([INSTANCES, INSTANCES.head(1).assign(video="c")]).assign(score=0.5)
    assert rank_videos(["b", "a", "c"], instances, detections) == ["c", "a"]


def test_without_such_videos_all_that_have_most_instances_are_ranked() -> None:
    instances = INSTANCES.iloc[1:]
    assert rank_videos(["b", "a", "empty"], instances, DETECTIONS.head(0)) == ["b", "a"]
    detections = instances.head(1).assign(score=0.5)
    assert rank_videos(["a", "b", "empty"], instances, detections) == ["b", "a"]
    assert rank_videos(["b", "a"], instances.head(0), detections) == ["b", "a"]
