"""Public networks by name."""

import pytest
import yaml

from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.presets import PRESETS
from tests.paths import ROOT


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_network_of_its_own(name: str) -> None:
    settings = NetworkSettings.model_validate({"preset": name})
    assert (settings.flow is not None) == name.endswith("_flow")
    assert settings.clips.interval == 16, "as in the paper"
    assert NetworkSettings.model_validate(settings.model_dump()) == settings


def test_other_keys_have_precedence() -> None:
    settings = NetworkSettings.model_validate(
        {"preset": "slowfast101_8x8", "clips": {"interval": 8}, "model": {"weights": "mine.pth"}}
    )
    assert (settings.clips.interval, settings.clips.frames, settings.clips.step) == (8, 32, 2)
    assert settings.model.architecture == "slowfast101" and settings.model.weights == "mine.pth"


def test_an_unknown_preset_is_named_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match=r"unknown preset 'i3d'; known: efficientnet_lite0, tsn_resnet50"):
        NetworkSettings.model_validate({"preset": "i3d"})


def test_bn_inception_reads_values_up_to_255_without_their_mean() -> None:
    rgb, flow = (
        NetworkSettings.model_validate({"preset": f"tsn_bninception{suffix}"}) for suffix in ("", "_flow")
    )
    assert [255 * value for value in rgb.images.mean] == pytest.approx([104, 117, 128])
    assert [255 * value for value in rgb.images.deviation] == pytest.approx([1, 1, 1])
    assert flow.flow is not None
    assert 255 * flow.flow.mean == pytest.approx(128) and 255 * flow.flow.deviation == pytest.approx(1)


def test_the_paper_s_networks_are_presets() -> None:
    content = yaml.safe_load((ROOT / "config/activitynet2020/videos.yaml").read_text())
    for name, network in content["networks"].items():
        settings = NetworkSettings.model_validate(network)
        assert settings.preset in PRESETS
        assert (settings.flow is not None) == ("_flow_" in name)
