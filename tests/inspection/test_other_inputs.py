"""The verb `inspect` on groups, external submissions, class scores, and videos that a network encodes."""

import json
from importlib.util import find_spec

import pytest

from tests.inspection.challenge import Data

SCORES = "classifier\tsource\tscores\tvalidation\ttesting\tencoder\n"

CLASSES = {"class": ["run", "jump"]}


def write_results(data: Data, name: str, results: dict[str, object], **more: object) -> None:
    (data.folder / name).write_text(json.dumps({"results": results, **more}))


def test_videos_without_a_group_and_shared_groups(data: Data) -> None:
    data.config["groups"] = "groups.tsv"
    scored = [video for video in data.database if not video.startswith("training")]
    lines = ["video\tgroup", *(f"{video}\tperson{video[-1]}" for video in scored)]
    (data.folder / "groups.tsv").write_text("\n".join(lines) + "\n")
    texts = {finding["text"]: finding for finding in data.inspect()}
    shared = texts.pop("groups with videos in several subsets: 4")
    assert shared["examples"][0] == "person0: validation, testing" and "by group" in shared["advice"]
    assert not texts
    (data.folder / "groups.tsv").write_text("\n".join(lines[:-1]) + "\n")
    assert data.faults()["groups.tsv: videos without a group"]["examples"][0] == scored[-1]


def test_external_submissions_are_read_as_the_run_reads_them(data: Data) -> None:
    data.config["external_detections"] = "external.tsv"
    (data.folder / "external.tsv").write_text("name\tvalidation\ttesting\ntheirs\tv.json\tt.json\n")
    entry = {"label": "run", "score": 0.5, "segment": [1.0, 500.0]}
    write_results(data, "v.json", {"validation0": [entry], "V_Validation1.mp4": [entry]})
    write_results(data, "t.json", {"testing0": [{**entry, "label": "runs"}]})
    fault = data.faults()["t.json: predictions do not fit the ground truth"]
    assert fault["place"] == "external detections theirs, testing"
    assert any("did you mean 'run'?" in line for line in fault["examples"])
    (warning,) = [one for one in data.findings() if one["level"] == "warning"]
    assert warning["place"] == "external detections theirs, validation"
    notes = "\n".join(warning["examples"])
    assert "1 id spelt otherwise: validation1 is here 'V_Validation1.mp4'" in notes
    assert "segments that reach outside their video: 1, clipped" in notes


def test_ids_of_class_scores_that_match_only_after_normalisation(data: Data) -> None:
    data.classifiers = f"{SCORES}theirs\toutside\tprobabilities\ts.json\ts.json\t\n"
    data.config["panels"] = {"own": ["theirs"]}
    data.config["variants"] = {"baseline": {"generators": {"bsnpp": "single"}, "panel": "own"}}
    videos = [video for video in data.database if not video.startswith("training")]
    names = {"validation0": "v_Validation0", "validation1": "validation1.mp4", "testing0": "v_testing0"}
    rows = {names.get(video, video): [0.5, 0.5] for video in videos}
    write_results(data, "s.json", rows, **CLASSES)
    fault = data.faults()["s.json: the results do not match the challenge"]
    assert fault["place"] == "classifier theirs, validation"
    assert fault["examples"][:2] == [
        "video validation0: missing; the file has 'v_Validation0'",
        "video validation1: missing; the file has 'validation1.mp4'",
    ]
    assert "with or without `v_`" in fault["advice"]
    scores = {video: [7.5 if video == "testing1" else 0.5, 0.5] for video in videos}
    write_results(data, "s.json", scores, **CLASSES)
    (warning,) = data.inspect()
    assert warning["place"] == "classifier theirs, testing" and warning["examples"] == ["testing1"]
    assert warning["text"] == "videos with probabilities above 1: 1"


@pytest.mark.skipif(find_spec("av") is None, reason="PyAV is not installed (extra videos)")
def test_videos_are_inspected_by_their_headers(data: Data) -> None:
    from tests.encoding.videos import write_video

    data.streams.append(
        {"encoder": "seen", "name": "rgb", "channels": "6", "videos": "videos", "network": "small"}
    )
    model = {"architecture": "torchscript", "weights": "small.pt", "classes": "classes.txt"}
    data.config["networks"] = {"small": {"model": model}}
    scores = "results/template/encoding/seen/challenge/rgb.scores.json"  # the network will make it
    data.config["results"] = "results/template"
    data.classifiers += f"watched\toutside\t\tlogits\t{scores}\t{scores}\n"
    (data.folder / "small.pt").write_text("<html>not found</html>")
    (data.folder / "classes.txt").write_text("run\nrun\n")
    videos = data.folder / "videos"
    videos.mkdir()
    for video, entry in data.database.items():
        write_video(videos / f"{video}.mkv", range(2 * int(entry["duration"])), rate=2)
    (videos / "training0.mkv").unlink()
    (videos / "training1.mkv").rename(videos / "Training1.mkv")
    (videos / "training2.mkv").write_bytes(b"no video")
    (videos / "v_training3.mp4").write_bytes(b"x")
    write_video(videos / "training4.mkv", range(20), rate=2)
    faults = data.faults()
    assert faults["videos without a file in videos: 1"]["examples"] == ["training0"]
    spelt = faults["videos with a file under another spelling in videos: 1"]
    assert spelt["examples"] == ["training1: Training1.mkv"]
    unreadable = faults["files that are no readable videos: 1"]["examples"]
    assert unreadable[0].startswith("videos/training2.mkv: not a readable video")
    several = faults["videos with several files: 1"]["examples"]
    assert several == ["training3: v_training3.mp4, training3.mkv"]
    assert "small.pt: is a web page" in faults["files that cannot be used: 1"]["examples"][0]
    assert "listed more than once: run" in "\n".join(faults)
    (short,) = [one for one in data.findings() if one["level"] == "warning"]
    assert short["examples"] == ["training4: 10.0 s by the file, 60 s annotated"]
    content = json.loads((data.folder / "look.json").read_text())
    row = next(row for row in content["streams"] if row["stream"] == "seen/rgb")
    assert (row["missing"], row["unusable"], row["short"]) == (2, 1, 1)
    assert (
        "seen/rgb: made from videos by the network small; headers of 12 of 16 videos were read"
        in (content["assumptions"])
    )
