"""The encoding stage, from video files to features."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch

pytest.importorskip("av", reason="PyAV is not installed (extra videos)")
pytest.importorskip("cv2", reason="OpenCV is not installed (extra videos)")

from bsnpp.encoding.flow import flows
from bsnpp.encoding.image_settings import ImageSettings
from bsnpp.encoding.images import Resizer
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.video import VideoReader
from tests.encoding.networks.stages import IMAGES, VIDEOS, encode, settings


def test_features_are_those_of_plain_loops(folder: Path) -> None:
    assert encode(folder, settings(folder)) == 3
    resizer = Resizer(ImageSettings.model_validate(IMAGES))
    with h5py.File(folder / "out.h5") as file:
        assert set(file) == {"v_a", "v_b", "v_c"}
        for video, frames in VIDEOS.items():
            reader = VideoReader(folder / "videos" / f"v_{video}.mkv")
            images = [resizer(frame.image).astype(np.float64) / 255 for frame in reader.frames()]
            expected = []
            for snippet in range(max(1, round(frames / 8 + 1e-9))):
                rows = []
                for frame in (8 * snippet + 1, 8 * snippet + 3, 8 * snippet + 5, 8 * snippet + 7):
                    image = images[min(frame, frames - 1)]
                    top, left = (image.shape[0] - 32) // 2, (image.shape[1] - 32) // 2
                    cut = (image[top : top + 32, left : left + 32] - IMAGES["mean"]) / IMAGES["deviation"]
                    rows.append([*cut.mean(axis=(0, 1)), *cut.reshape(-1, 3).std(axis=0, ddof=1)])
                expected.append(np.mean(rows, axis=0))
            features = file[f"v_{video}"]
            np.testing.assert_allclose(features[:], expected, atol=1e-4)
            assert features.attrs["rate"] == 10 and features.attrs["coverage"] == 1
            assert features.attrs["seconds"] == pytest.approx(frames / 10, abs=0.01)


@pytest.mark.parametrize("batch_size", [1, 3, 64])
def test_the_batch_size_changes_only_rounding(folder: Path, batch_size: int) -> None:
    encode(folder, settings(folder), "first.h5")
    encode(folder, settings(folder), "second.h5", batch_size=batch_size)
    with h5py.File(folder / "first.h5") as first, h5py.File(folder / "second.h5") as second:
        for video in first:
            np.testing.assert_allclose(first[video][:], second[video][:], atol=1e-5)


def test_several_crops_are_averaged(folder: Path) -> None:
    encode(folder, settings(folder, images={**IMAGES, "crops": "five"}), "five.h5")
    encode(folder, settings(folder), "one.h5")
    with h5py.File(folder / "five.h5") as five, h5py.File(folder / "one.h5") as one:
        assert five["v_a"].shape == one["v_a"].shape
        assert not np.allclose(five["v_a"][:], one["v_a"][:])


def test_class_logits_become_a_score_file(folder: Path) -> None:
    model = {"architecture": "torchscript", "weights": str(folder / "scored.pt")}
    encode(folder, settings(folder, model={**model, "classes": str(folder / "classes.txt")}))
    scores = json.loads((folder / "scores.json").read_text())
    assert scores["class"] == ["run", "jump"], "the order of the list is that of the logits"
    assert set(scores["results"]) == set(VIDEOS) and len(scores["results"]["a"]) == 2


def test_without_a_list_of_classes_the_score_file_is_empty(folder: Path) -> None:
    encode(folder, settings(folder))
    assert json.loads((folder / "scores.json").read_text()) == {"results": {}, "class": []}


def test_flow_networks_see_stacks_of_two_channels(folder: Path) -> None:
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten())
    path = folder / "flow.pt"
    torch.jit.trace(module, torch.rand(2, 6, 32, 32)).save(str(path))
    network = NetworkSettings.model_validate(
        {
            "model": {"architecture": "torchscript", "weights": str(path)},
            "clips": {"interval": 8, "frames": 6},
            "images": {"short_side": 40, "size": 32},
            "flow": {"stack": 3, "deviation": 1 / 255},
        }
    )
    encode(folder, network)
    with h5py.File(folder / "out.h5") as file:
        features = file["v_a"][:]
    images = [
        Resizer(network.images)(frame.image) for frame in VideoReader(folder / "videos" / "v_a.mkv").frames()
    ]
    assert network.flow is not None
    moving = np.array(list(flows(images, network.flow)), dtype=np.float64) - 128
    top, left = (moving.shape[1] - 32) // 2, (moving.shape[2] - 32) // 2
    means = moving[:, top : top + 32, left : left + 32].mean(axis=(1, 2))
    expected = [means[8 * snippet + 1 : 8 * snippet + 7].reshape(2, 6).mean(axis=0) for snippet in range(6)]
    np.testing.assert_allclose(features, expected, atol=1e-3)
