"""EfficientNet-Lite0 on a real film: its features and class logits agree between containers."""

import json
from importlib.util import find_spec
from pathlib import Path

import h5py
import numpy as np
import pytest

pytest.importorskip("av", reason="PyAV is not installed (extra videos)")
if find_spec("timm") is None:
    pytest.skip("timm is not installed (extra videos)", allow_module_level=True)

from bsnpp.encoding.encoding_settings import EncodingSettings
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.networks.stage import encode_files
from bsnpp.encoding.stream_settings import StreamEncoding

CHANNELS = 1280


@pytest.fixture(scope="module")
def encoded(
    samples: list[Path], efficientnet: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, np.ndarray], dict[str, list[float]]]:
    """Features of one film in four containers, a snippet every 3 s; and its class logits."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "classes.txt").write_text("".join(f"class {number}\n" for number in range(1000)))
    network = NetworkSettings.model_validate(
        {
            "model": {
                "architecture": "timm",
                "name": "efficientnet_lite0",
                "weights": str(efficientnet),
                "match": "order",
                "classes": str(folder / "classes.txt"),
            },
            "clips": {"rate": 2, "interval": 6, "frames": 2, "step": 3},
            "images": {"mean": [127 / 255] * 3, "deviation": [128 / 255] * 3},
        }
    )
    stream = StreamEncoding(network=network, encoding=EncodingSettings(), channels=CHANNELS)
    chosen = [(path.suffix[1:], path) for path in samples if path.suffix in (".mp4", ".webm", ".mpg", ".avi")]
    encode_files(chosen, folder / "features.h5", folder / "scores.json", "digest", stream)
    with h5py.File(folder / "features.h5") as file:
        features = {name.removeprefix("v_"): file[name][:] for name in file}
    return features, json.loads((folder / "scores.json").read_text())["results"]


def test_every_container_has_a_snippet_every_three_seconds(
    encoded: tuple[dict[str, np.ndarray], dict[str, list[float]]],
) -> None:
    features, _ = encoded
    assert {name: values.shape for name, values in features.items()} == dict.fromkeys(
        ("mp4", "webm", "mpg", "avi"), (20, CHANNELS)
    )


def test_features_find_the_same_moment_in_another_container(
    encoded: tuple[dict[str, np.ndarray], dict[str, list[float]]],
) -> None:
    features, _ = encoded
    likeness = np.corrcoef(features["mp4"], features["webm"])[:20, 20:]
    assert (np.abs(likeness.argmax(axis=1) - np.arange(20)) <= 1).mean() >= 0.9


def test_class_logits_are_sure_and_agree_between_containers(
    encoded: tuple[dict[str, np.ndarray], dict[str, list[float]]],
) -> None:
    _, scores = encoded
    logits = {name: np.array(values) for name, values in scores.items()}
    best = {name: set(np.argsort(-values)[:10].tolist()) for name, values in logits.items()}
    assert len(best["mp4"] & best["webm"]) >= 6, "containers of one film show the same things"
    assert np.ptp(logits["mp4"]) > 3, "random weights would give almost equal logits"
