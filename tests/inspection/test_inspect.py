"""The verb `inspect`: every kind of fault is listed at once, with advice."""

import json
from pathlib import Path

import numpy as np
import pytest

from bsnpp.cli.main import dispatch
from bsnpp.core.errors import UserError
from tests.inspection.challenge import CHANNELS, INSTANCES, SUBSETS, Data
from tests.paths import ROOT


def test_good_data_are_usable(data: Data, capsys: pytest.CaptureFixture[str]) -> None:
    assert data.inspect("--figure", "look.png") == []
    shown = capsys.readouterr().out
    assert "usable" in shown
    assert "mine/rgb: 6 channels, time first, by the shape (16); clips do not overlap" in shown
    assert "a snippet every 0.5 s in 100% of the videos; all 16 videos were read" in shown
    assert (data.folder / "look.png").read_bytes().startswith(b"\x89PNG")
    content = json.loads((data.folder / "look.json").read_text())
    assert content["usable"]
    assert content["subsets"]["training"] == {"videos": 8, "hours": 0.13, "instances": 16, "classes": 2}


def test_all_faults_are_listed_at_once(data: Data) -> None:
    features = data.folder / "features"
    (features / "training1.npy").unlink()
    (features / "training2.npy").rename(features / "Training2.MP4.npy")
    broken = np.ones((50, CHANNELS), np.float32)
    broken[3] = np.nan
    data.write("training0", broken)
    data.write("validation1", np.ones((90, CHANNELS + 1), np.float32))
    (features / "testing1.npy").write_bytes((features / "testing1.npy").read_bytes()[:200])
    faults = data.faults()
    missing = faults["videos without features in features: 1 of 8"]
    assert missing["examples"] == ["training1"] and "exclude" in missing["advice"]
    spelt = faults["videos with features under another spelling: 1 of 8"]
    assert spelt["examples"] == ["training2: Training2.MP4"]
    unusable = "\n".join(faults["features that cannot be used: 3"]["examples"])
    assert "training0: features/training0.npy: NaN or infinite in 1 of 50 snippets" in unusable
    assert "validation1: features/validation1.npy: shape (90, 7)" in unusable
    assert "testing1" in unusable


def test_lengths_are_compared_with_durations_in_both_directions(data: Data) -> None:
    data.write("training3", np.ones((20, CHANNELS), np.float32))
    data.write("training4", np.ones((400, CHANNELS), np.float32))
    texts = {finding["text"]: finding["examples"] for finding in data.inspect()}
    assert texts == {
        "videos with fewer snippets than expected from their duration: 1": ["training3: 20 snippets in 55 s"],
        "videos with more snippets than expected from their duration: 1": ["training4: 400 snippets in 60 s"],
    }


def test_classes_axes_and_duplicates_are_warnings(data: Data) -> None:
    data.write("training5", np.ones((CHANNELS, 130), np.float32))
    data.database["testing0"]["annotations"] = [*INSTANCES, *INSTANCES]
    for index in range(SUBSETS["validation"]):
        data.database[f"validation{index}"]["annotations"] = INSTANCES[:1]
    texts = {finding["text"]: finding["examples"] for finding in data.inspect()}
    assert texts["classes without an instance: 1 of 2"] == ["jump"]
    assert texts["instances that are listed more than once: 2"] == [
        "testing0: 'run' at 3 to 20 s, 2 times",
        "testing0: 'jump' at 25 to 33 s, 2 times",
    ]
    axes = [
        "channels first, by the shape: 1 video, for example training5",
        "time first, by the shape: 15 videos, for example testing0",
    ]
    assert texts["arrays with different first axes"] == axes


def test_instances_behind_the_end_are_no_matter_of_the_scale(data: Data) -> None:
    data.database["training1"]["annotations"] = [*INSTANCES, {"segment": [120, 130], "label": "run"}]
    texts = {finding["text"]: finding["examples"] for finding in data.inspect()}
    assert texts == {
        "instances outside their video: 1": ["training1: 120 to 130 s, its features end at 45 s"]
    }


def test_a_test_subset_without_annotations_is_usable(data: Data) -> None:
    for index in range(SUBSETS["testing"]):
        del data.database[f"testing{index}"]["annotations"]
    (fault,) = data.faults().values()
    assert "the subset testing has no annotations to score" in fault["text"]
    data.config["scored_subsets"] = ["validation"]
    assert not data.inspect("--figure", "look.png")


def test_features_of_a_fixed_length_are_not_compared_with_durations(data: Data) -> None:
    for video in data.database:
        data.write(video, np.ones((50, CHANNELS), np.float32))
    assert not data.inspect()
    assumed = json.loads((data.folder / "look.json").read_text())["assumptions"]
    assert "every video has 50 snippets, so lengths are not compared with durations" in assumed[-1]


def test_values_are_sampled_unless_all_are_wanted(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bsnpp.inspection.inspect.SAMPLE", 4)
    broken = np.ones((90, CHANNELS), np.float32)
    broken[3] = np.inf
    data.write("training1", broken)
    data.inspect()
    assumed = json.loads((data.folder / "look.json").read_text())["assumptions"]
    assert (
        "4 of 16 videos were read to find NaN, and the lengths of all (all: `bsnpp inspect --full`)"
        in assumed[-1]
    )
    assert data.faults("--full").keys() == {"features that cannot be used: 1"}


def test_missing_files_are_a_clean_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(UserError, match="missing files of the challenge activitynet2020"):
        dispatch(["inspect", "--configfile", "config/activitynet2020/config.yaml"])


def test_files_that_the_workflow_makes_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").symlink_to(ROOT / "config")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=r"(?s)files that the workflow makes.*snakemake inspect"):
        dispatch(["inspect", "--configfile", "config/demo/config.yaml"])


def test_instances_are_looked_for_at_every_scale_of_training(data: Data) -> None:
    for video in data.database.values():
        video["duration"] = 400.0
    data.config = {"scales": {"training": 100, "further_training": [4]}}
    few = [one for one in data.inspect() if one["place"].endswith(", 4 cells")]
    assert [one["place"] for one in few] == ["annotations, training, 4 cells"]
