"""Videos encoded with the networks of a bundle."""

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bsnpp.bundle.card import model_card
from bsnpp.bundle.encode import encode_videos
from bsnpp.bundle.loading import load
from bsnpp.bundle.manifest import Manifest
from bsnpp.core.errors import UserError

if find_spec("av") is None:
    pytest.skip("PyAV is not installed (extra videos)", allow_module_level=True)

from tests.encoding.networks.small import save_torchscript
from tests.encoding.videos import write_video


@pytest.fixture
def network(tmp_path: Path) -> dict[str, Any]:
    """A network of six channels and two classes, and a folder of two videos."""
    save_torchscript(tmp_path / "small.pt", classes=2)
    (tmp_path / "names.txt").write_text("run\nwalk\n")
    (tmp_path / "videos").mkdir()
    for number, name in enumerate(("v_a", "b")):
        write_video(tmp_path / "videos" / f"{name}.mkv", range(number, number + 24), rate=4)
    model = {"architecture": "torchscript", "weights": str(tmp_path / "small.pt")}
    return {
        "model": model | {"classes": str(tmp_path / "names.txt")},
        "clips": {"interval": 4, "frames": 2},
        "images": {"short_side": 40, "size": 32},
    }


def with_network(manifest: Manifest, network: dict[str, Any]) -> Manifest:
    """Return a manifest whose two encoders have one stream each, made by a network."""
    content = manifest.model_dump(mode="json")
    content["encoders"] = {
        name: [{"name": "rgb", "channels": 6, "network": network}] for name in ("two", "one")
    }
    for member in content["panel"]:
        if member["source"] == "outside":
            member["stream"] = ["one", "rgb"]
    model = network["model"]
    content["networks"] = {
        path: hashlib.sha256(Path(path).read_bytes()).hexdigest()
        for path in (model["weights"], model["classes"])
    }
    return Manifest.model_validate(content)


def test_every_stream_is_encoded_with_durations_and_scores(
    archive: Path, network: dict[str, Any], tmp_path: Path
) -> None:
    manifest = with_network(load(archive).manifest, network)
    scores = encode_videos(manifest, tmp_path / "videos", tmp_path / "new")
    assert scores == {"theirs": str(tmp_path / "new/one/rgb.scores.json")}
    assert Path(scores["theirs"]).exists()
    assert (tmp_path / "new/two/rgb.h5").read_bytes() == (tmp_path / "new/one/rgb.h5").read_bytes()
    table = pd.read_csv(tmp_path / "new/videos.tsv", sep="\t")
    assert table["video"].tolist() == ["a", "b"] and table["duration"].tolist() == pytest.approx([6, 6])


def test_the_files_of_the_network_may_be_elsewhere(
    archive: Path, network: dict[str, Any], tmp_path: Path
) -> None:
    manifest = with_network(load(archive).manifest, network)
    (tmp_path / "moved").mkdir()
    for name in ("small.pt", "names.txt"):
        (tmp_path / name).rename(tmp_path / "moved" / name)
    with pytest.raises(
        UserError, match=r"small\.pt: cannot be read .*; its SHA-256 is [0-9a-f]{64}"
    ) as error:
        encode_videos(manifest, tmp_path / "videos", tmp_path / "new")
    assert "names.txt" in str(error.value) and "--networks" in str(error.value)
    encode_videos(manifest, tmp_path / "videos", tmp_path / "new", tmp_path / "moved")
    (tmp_path / "moved/names.txt").write_text("walk\nrun\n")
    with pytest.raises(UserError, match=r"names\.txt: not the file of the training"):
        encode_videos(manifest, tmp_path / "videos", tmp_path / "new", tmp_path / "moved")


def test_a_bundle_of_features_cannot_encode(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not made from videos") as error:
        encode_videos(load(archive).manifest, tmp_path, tmp_path / "new")
    assert "two, stream flow" in str(error.value) and "use --features" in str(error.value)


def test_the_card_says_how_to_start_from_videos(archive: Path, network: dict[str, Any]) -> None:
    manifest = load(archive).manifest
    assert "--videos" not in model_card(manifest)
    card = model_card(with_network(manifest, network))
    assert "bsnpp predict BUNDLE --videos VIDEOS --output" in card
    assert f"| {network['model']['weights']} |" in card
