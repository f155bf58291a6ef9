"""`bsnpp encode`, and `bsnpp predict` on what it writes."""

import json
from pathlib import Path

import h5py
import pytest

pytest.importorskip("av", reason="PyAV is not installed (extra videos)")

from bsnpp.cli.main import dispatch
from bsnpp.core.errors import UserError
from bsnpp.stores.tables import read_table
from tests.encoding.networks.small import save_torchscript
from tests.encoding.videos import write_video

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
FRAMES = {"a": 40, "b": 25}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two videos, and the settings of a network with two classes."""
    (tmp_path / "videos").mkdir()
    for number, (video, frames) in enumerate(FRAMES.items()):
        write_video(tmp_path / "videos" / f"v_{video}.mp4", range(number, number + frames))
    save_torchscript(tmp_path / "small.pt", classes=2)
    (tmp_path / "classes.txt").write_text("run\njump\n")
    files = f"weights: {tmp_path}/small.pt, classes: {tmp_path}/classes.txt"
    (tmp_path / "network.yaml").write_text(
        f"model: {{architecture: torchscript, {files}}}\n"
        "clips: {interval: 8, frames: 2}\nimages: {short_side: 40, size: 32}\n"
    )
    return tmp_path


def encode(folder: Path, *more: str) -> None:
    """Run the verb."""
    network, output = folder / "network.yaml", folder / "features.h5"
    dispatch(["encode", str(folder / "videos"), "--network", str(network), "--output", str(output), *more])


def test_features_scores_and_durations_are_written(folder: Path) -> None:
    scores, durations = folder / "scores.json", folder / "videos.tsv"
    encode(folder, "--scores", str(scores), "--durations", str(durations))
    with h5py.File(folder / "features.h5") as file:
        assert {name: len(file[name]) for name in file} == {"v_a": 5, "v_b": 3}
    assert set(json.loads(scores.read_text())["results"]) == {"a", "b"}
    table = read_table(durations)
    assert list(table["video"]) == ["a", "b"]
    assert table["duration"].tolist() == pytest.approx([4.0, 2.5], abs=0.02)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("model: {architecture: onnx}", "onnx needs the key `weights`"),
        ("model: [", "not valid YAML"),
        ("clips: {step: 1, step: 2}", "the key 'step' is already on line 1"),
        ("- model", "no keys at the top level"),
        ("clips: {}", "model: this key is required"),
    ],
)
def test_a_wrong_network_is_named(folder: Path, content: str, words: str) -> None:
    (folder / "network.yaml").write_text(content)
    with pytest.raises(UserError, match=words):
        encode(folder)


def test_two_files_of_one_video_are_refused(folder: Path) -> None:
    write_video(folder / "videos" / "a.mkv", range(5))
    with pytest.raises(UserError, match=r"a: a\.mkv, v_a\.mp4"):
        encode(folder)


def test_an_empty_or_missing_folder_is_named(folder: Path) -> None:
    for path in (folder / "videos").iterdir():
        path.unlink()
    with pytest.raises(UserError, match="no file; it should hold one file per video"):
        encode(folder)
    (folder / "videos").rmdir()
    with pytest.raises(UserError, match="no such folder"):
        encode(folder)


def test_features_are_drawn_beside_the_middle_frames(folder: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed (extra workflow)")
    encode(folder, "--figures", str(folder / "figures"))
    first = (folder / "figures/a.png").read_bytes()
    encode(folder, "--figures", str(folder / "figures"))
    assert {path.name for path in (folder / "figures").iterdir()} == {"a.png", "b.png"}
    assert (folder / "figures/a.png").read_bytes() == first


def test_flow_is_kept_in_a_folder(folder: Path) -> None:
    pytest.importorskip("cv2", reason="OpenCV is not installed (extra videos)")
    with pytest.raises(UserError, match="has no section `flow`"):
        encode(folder, "--flow", str(folder / "flow"))
    save_torchscript(folder / "flow.pt", channels=2)
    text = f"model: {{architecture: torchscript, weights: {folder}/flow.pt}}\n"
    text += "clips: {interval: 8, frames: 2}\nimages: {short_side: 40, size: 32}\n"
    (folder / "network.yaml").write_text(text + "flow: {stack: 1}\n")
    encode(folder)
    plain = (folder / "features.h5").read_bytes()
    encode(folder, "--flow", str(folder / "flow"), "--processes", "1")
    assert (folder / "features.h5").read_bytes() == plain
    (archives,) = (folder / "flow").iterdir()
    assert {path.name for path in archives.iterdir()} == {"a.zip", "b.zip"}
