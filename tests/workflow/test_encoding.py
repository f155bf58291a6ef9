"""From video files to detections: features, class scores, and a bundle, in the real workflow."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import h5py
import pytest

from tests.workflow.project import Project, tiny_config

if find_spec("av") is None:
    pytest.skip("PyAV is not installed (extra videos)", allow_module_level=True)

from tests.encoding.networks.small import save_torchscript
from tests.encoding.videos import write_video

RESULTS = Path("results/tiny")
ENCODED = RESULTS / "encoding/seen/challenge"
RATE = 2
MOVING = {
    "model": {"architecture": "torchscript", "weights": "flow.pt"},
    "clips": {"interval": 4, "frames": 2},
    "flow": {"stack": 1},
}
"""A network of optical flow."""


def with_videos(project: Project) -> dict[str, Any]:
    """Give every simulated video a file, and return a challenge with an encoder of them."""
    (project.folder / "videos").mkdir()
    database = project.read_annotations()["database"]
    for number, (video, entry) in enumerate(sorted(database.items())):
        frames = max(int(entry["duration"] * RATE), 1)
        write_video(project.folder / "videos" / f"v_{video}.mkv", range(number, number + frames), rate=RATE)
    classes = (project.folder / "classes.txt").read_text().splitlines()
    save_torchscript(project.folder / "small.pt", classes=len(classes))
    save_torchscript(project.folder / "flow.pt", channels=2)
    lines = (project.folder / "encoders.tsv").read_text().splitlines()
    lines = [f"{lines[0]}\tvideos\tnetwork", *(f"{line}\t\t" for line in lines[1:])]
    lines.append("seen\tchallenge\trgb\t\t6\tvideos\tsmall")
    lines += [f"seen\tchallenge\t{name}\t\t4\tvideos\t{name}" for name in ("moving", "tall")]
    (project.folder / "encoders.tsv").write_text("".join(f"{line}\n" for line in lines))
    scores = f"{ENCODED}/rgb.scores.json"
    with (project.folder / "classifiers.tsv").open("a") as file:
        file.write(f"watched\toutside\tlogits\t{scores}\t{scores}\t\n")
    config = tiny_config()
    config["networks"] = {
        "small": {
            "model": {"architecture": "torchscript", "weights": "small.pt", "classes": "classes.txt"},
            "clips": {"interval": 4, "frames": 2},
            "images": {"short_side": 40, "size": 32},
        },
        "moving": {**MOVING, "images": {"short_side": 40, "size": 32}},
        "tall": {**MOVING, "images": {"short_side": 40, "size": 40}},
    }
    config["encoding"] = {"processes": 1}
    config["generators"]["bmn"]["model"] |= {"groups": 2}  # four do not divide the channels
    config["blends"]["seen"] = ["seen/scratch"]
    config["panels"]["watched"] = ["watched"]
    config["variants"]["seen"] = {"generators": {"bsnpp": "seen"}, "panel": "watched"}
    config["submission"] = {"variant": "seen"}
    return config


def test_videos_become_features_scores_and_a_submission(finished: Project) -> None:
    finished.configure(with_videos(finished))
    done = finished.snakemake("submit", "bundle")
    assert done.code == 0, done.text
    database = finished.read_annotations()["database"]
    with h5py.File(finished.folder / ENCODED / "rgb.h5") as file:
        assert set(file) == {f"v_{video}" for video in database}
        for video, entry in database.items():
            snippets = max(1, round(int(entry["duration"] * RATE) / 4 + 1e-9))
            assert file[f"v_{video}"].shape == (snippets, 6)
    scores = json.loads((finished.folder / ENCODED / "rgb.scores.json").read_text())
    assert set(scores["results"]) == set(database)
    submission = json.loads((finished.folder / RESULTS / "submission.json").read_text())
    assert any(submission["results"].values())
    table = RESULTS / "annotations/testing.videos.tsv"
    done = finished.run(
        *(sys.executable, "-m", "bsnpp.cli.main", "predict", RESULTS / "bundle.zip", "--videos", "videos"),
        *("--durations", table, "--output", "new.json", "--eaf", "new"),
    )
    assert done.code == 0, done.text
    new = json.loads((finished.folder / "new.json").read_text())
    assert new["results"] == submission["results"], "a bundle encodes videos as the run did"
    assert len(list((finished.folder / "new").glob("*.eaf"))) == len(new["results"])
    lists = list((finished.folder / RESULTS / "flow").glob("*/challenge.json"))
    assert len(lists) == 1, "both networks of flow share it"
    assert set(json.loads(lists[0].read_text())) == set(database)
    assert not finished.snakemake("--dry-run", "submit").text.count("encode_videos")
    first, second = sorted((finished.folder / "videos").iterdir())[:2]
    first.write_bytes(second.read_bytes())
    plan = finished.snakemake("--dry-run", "submit").text
    assert "encode_videos" in plan and "compute_flow" in plan, "a video that changed is encoded"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("seen\tchallenge\trgb\t\t6\tvideos\tlarge", "unknown network 'large'; known: small"),
        ("seen\tchallenge\trgb\tfeatures\t6\tvideos\tsmall", "either a path, or videos and a network"),
        ("seen\tchallenge\trgb\t\t6\tvideos\t", "either a path, or videos and a network"),
        ("seen\tchallenge\trgb\t\t6\tnowhere\tsmall", "nowhere: videos of seen (challenge)"),
    ],
)
def test_a_wrong_row_of_the_sheet_is_refused(finished: Project, row: str, words: str) -> None:
    config = with_videos(finished)
    sheet = finished.folder / "encoders.tsv"
    sheet.write_text(sheet.read_text().replace("seen\tchallenge\trgb\t\t6\tvideos\tsmall", row))
    finished.configure(config)
    outcome = finished.snakemake("--dry-run")
    assert outcome.code == 1 and words in outcome.text and "Traceback" not in outcome.text, outcome.text
