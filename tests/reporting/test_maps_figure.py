"""Figure of the maps of a blend."""

import pytest

from bsnpp.reporting.maps_figure import blend_figure, most_annotated
from tests.reporting.video_example import INSTANCES, maps_of


@pytest.mark.parametrize("members", [1, 2, 3, 5, 8])
def test_every_map_is_drawn_with_its_weight_and_the_same_colours(members: int) -> None:
    names = [f"encoder{index}/scratch" for index in range(members)]
    maps = [maps_of(name, index) for index, name in enumerate(["fused", *names])]
    figure = blend_figure("a", 10.0, INSTANCES.head(2), maps, dict.fromkeys(names, 1 / members))
    shown = [axes for axes in figure.axes if axes.get_visible()]
    titles = [axes.get_title(loc="left") for axes in shown if axes.get_title(loc="left")]
    assert titles == ["fused", *(f"{name}, weight {1 / members:.2f}" for name in names)]
    images = [image for axes in shown for image in axes.get_images()]
    assert len(images) == members + 1
    assert {image.get_clim() for image in images} == {(0.0, max(one.peak for one in maps))}


def test_the_first_video_with_the_most_instances_is_chosen() -> None:
    assert most_annotated(["c", "b", "a"], INSTANCES) == "a"
    assert most_annotated(["b", "a"], INSTANCES.iloc[1:]) == "b"
    assert most_annotated(["d", "c"], INSTANCES) == "d"
