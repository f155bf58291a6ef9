import json
from pathlib import Path
from typing import Any

import pytest

from bsnpp.annotations.subset import read_subset
from bsnpp.cli.main import dispatch
from bsnpp.core.errors import UserError
from bsnpp.evaluation.detection import evaluate_detections
from tests.cli.files import ANNOTATIONS, RESULTS, submission, write
from tests.paths import SHARED
from tests.reference.evaluation_data import detection_table, instance_table

REAL = SHARED / "data" / "activitynet"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "A.json", ANNOTATIONS)
    write(tmp_path / "S.json", submission(RESULTS))
    return tmp_path


def evaluate(folder: Path, *options: str, submissions: tuple[str, ...] = ("S.json",)) -> dict[str, Any]:
    """Run the verb and return what it wrote."""
    paths = [str(folder / name) for name in submissions]
    output = folder / "metrics.json"
    command = ["evaluate", "--annotations", str(folder / "A.json"), "--submission", *paths]
    dispatch([*command, "--output", str(output), *options])
    content: dict[str, Any] = json.loads(output.read_text())
    return content


def test_the_scores_are_those_of_the_library(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    metrics = evaluate(folder, "--tiou", "0.5:0.75:0.25")
    instances = instance_table([("a", 2, 10, "run"), ("a", 15, 25, "sit"), ("b", 5, 15, "run")])
    rows = [(v, e["label"], e["score"], *e["segment"]) for v, entries in RESULTS.items() for e in entries]
    scores = evaluate_detections(instances, detection_table(rows), [0.5, 0.75])
    assert metrics["average_mAP"] == pytest.approx(scores.average_map)
    assert metrics["mAP"] == pytest.approx({"0.5": scores.map[0], "0.75": scores.map[1]})
    assert {label: row["instances"] for label, row in metrics["AP"].items()} == {"run": 2, "sit": 1}
    assert metrics["counts"] == {"videos": 3, "instances": 3, "classes": 2, "predictions": 4}
    assert (metrics["subset"], metrics["protocol"], metrics["notes"]) == ("validation", "own", [])
    shown = capsys.readouterr().out
    assert f"average mAP   {100 * scores.average_map:.2f} %" in shown
    assert "protocol      own protocol, 3 videos of validation" in shown


def test_a_table_of_segments_gives_the_same_scores(folder: Path) -> None:
    metrics = evaluate(folder)
    write(folder / "names.txt", "run\nsit\n")
    write(folder / "T.csv", "video,start,end,label\na,2,10,0\na,15,25,1\nb,5,15,0\nc,,,\n")
    write(folder / "V.csv", "video,duration\na,30\nb,20\nc,20\n")
    options = ["--annotations", "T.csv", "--video-table", "V.csv", "--class-names", "names.txt"]
    paths = [str(folder / option) if "." in option else option for option in options]
    assert evaluate(folder, *paths)["AP"] == metrics["AP"]


def test_repairs_are_counted_in_one_line_each(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = RESULTS["a"][0]
    results = {"v_a": [*RESULTS["a"], entry], "b": [{**entry, "segment": [5, 20.004]}], "zz": [entry]}
    write(folder / "S.json", submission(results))
    metrics = evaluate(folder)
    assert metrics["notes"] == [
        "ids that start with v_: 1, matched without it",
        "predictions outside the subset validation: 1 in 1 video, left out",
        "exact duplicates: 1, dropped",
        "segments that reach outside their video: 1, clipped",
        "videos without an entry: 1 of 3, their instances are missed",
    ]
    shown = capsys.readouterr().out
    for note in metrics["notes"]:
        assert note in shown
    with pytest.raises(UserError) as error:
        evaluate(folder, "--strict")
    assert len(str(error.value).splitlines()) == 6


def test_a_verbatim_reading_evaluates_what_the_official_script_would(folder: Path) -> None:
    entry = RESULTS["a"][0]
    write(folder / "S.json", submission({"zz": [{**entry, "score": 1.0}], **RESULTS}))
    lenient, verbatim = evaluate(folder), evaluate(folder, "--verbatim")
    assert verbatim["AP"]["run"]["by_tiou"]["0.5"] == lenient["AP"]["run"]["by_tiou"]["0.5"] / 2
    assert verbatim["counts"]["videos"] == 3


def test_both_denominators_are_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "S.json", submission({"a": RESULTS["a"]}))
    metrics = evaluate(folder, "--tiou", "0.5")
    assert [row["videos"] for row in metrics["denominators"]] == [3, 1]
    assert [row["average_mAP"] for row in metrics["denominators"]] == [0.75, 1.0]
    assert "100.00 % over the 1 video with an entry (own protocol)" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["video,numFrame\na,3\n", "a\n", '["a"]', "v_a\n"])
def test_only_some_videos_are_evaluated(folder: Path, content: str) -> None:
    write(folder / "only.txt", content)
    metrics = evaluate(folder, "--only", str(folder / "only.txt"), "--tiou", "0.5")
    assert metrics["counts"]["videos"] == 1
    assert metrics["average_mAP"] == 1.0
    write(folder / "others.txt", "b\nc\n")
    excluded = evaluate(folder, "--exclude", str(folder / "others.txt"), "--tiou", "0.5")
    assert excluded["mAP"] == metrics["mAP"]


def test_listed_ids_that_match_nothing_are_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "list.txt", "a\nold\n")
    evaluate(folder, "--only", str(folder / "list.txt"))
    assert "list.txt: 'old' is not a video of the subset" in capsys.readouterr().out
    evaluate(folder, "--exclude", str(folder / "list.txt"))
    assert "list.txt, line 2: 'old' names no video, so nothing is excluded" in capsys.readouterr().out


def test_labels_can_be_ignored(folder: Path) -> None:
    swapped = {
        video: [{**entry, "label": 3} for entry in entries] for video, entries in RESULTS.items()
    }  # fmt: skip
    write(folder / "S.json", submission(swapped))
    metrics = evaluate(folder, "--class-agnostic", "--tiou", "0.5")
    assert list(metrics["AP"]) == ["action"]
    assert metrics["counts"]["predictions"] == 3
    assert metrics["average_mAP"] == pytest.approx(2 / 3)


def test_duplicate_instances_are_kept_or_dropped(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = {**ANNOTATIONS["database"]}
    database["a"] = {**database["a"], "annotations": 2 * database["a"]["annotations"]}
    write(folder / "A.json", {"database": database})
    assert evaluate(folder)["counts"]["instances"] == 5
    assert "duplicate instances: 2, kept" in capsys.readouterr().out
    assert evaluate(folder, "--duplicates", "drop")["counts"]["instances"] == 3
    assert "duplicate instances: 2, dropped" in capsys.readouterr().out


def test_thumos_annotations_and_text_are_read(folder: Path) -> None:
    database = {
        "video_test_0000004": {
            "subset": "Test", "duration": 30.0, "fps": 30,
            "annotations": [{"segment": [2, 10], "label": "CricketBowling", "label_id": 5}],
        }
    }  # fmt: skip
    write(folder / "A.json", {"version": "Thumos14-30fps", "database": database})
    write(folder / "S.txt", "video_test_0000004 2.0 9.0 23 0.7\nvideo_test_0000004 12 19 23 0.9\n")
    metrics = evaluate(folder, "--subset", "Test", "--tiou", "0.3:0.7:0.1", submissions=("S.txt",))
    assert list(metrics["mAP"]) == ["0.3", "0.4", "0.5", "0.6", "0.7"]
    assert metrics["average_mAP"] == 0.5
    write(folder / "numbers.txt", "23 Bowling\n")
    with pytest.raises(UserError, match=r"label 'Bowling' .* did you mean 'CricketBowling'"):
        evaluate(
            folder, "--subset", "Test", "--class-numbers", str(folder / "numbers.txt"), submissions=("S.txt",)
        )


def test_the_flat_annotations_of_bmn_are_read(folder: Path) -> None:
    flat = {
        f"v_{video}": {
            "duration_second": entry["duration"], "duration_frame": 10, "feature_frame": 10,
            "annotations": entry.get("annotations", []),
        }
        for video, entry in ANNOTATIONS["database"].items()
    }  # fmt: skip
    expected = evaluate(folder)
    rows = [f"v_{video},{entry['subset']}" for video, entry in ANNOTATIONS["database"].items()]
    write(folder / "A.json", flat)
    write(folder / "subsets.csv", "\n".join(["video,subset", *rows]) + "\n")
    assert evaluate(folder, "--subset-table", str(folder / "subsets.csv"))["AP"] == expected["AP"]


def test_a_class_list_replaces_the_classes_of_the_annotations(folder: Path) -> None:
    results = {**RESULTS, "c": [{"label": "jump", "score": 0.1, "segment": [0, 1]}]}
    write(folder / "S.json", submission(results))
    write(folder / "classes.txt", "jump\nrun\nsit\n")
    evaluate(folder, "--classes", str(folder / "classes.txt"))
    with pytest.raises(UserError, match="label 'jump'"):
        evaluate(folder)
    write(folder / "classes.txt", "jump\nsit\n")
    with pytest.raises(UserError, match="1 label of the subset validation missing from the class list"):
        evaluate(folder, "--classes", str(folder / "classes.txt"))


def test_several_runs_have_a_mean_and_an_interval(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "T.json", submission({**RESULTS, "a": RESULTS["a"][:1]}))
    metrics = evaluate(folder, "--resamples", "20", submissions=("S.json", "T.json"))
    values = [report["average_mAP"] for report in metrics["submissions"]]
    assert metrics["runs"]["values"] == values
    assert metrics["runs"]["mean"] == pytest.approx(sum(values) / 2)
    low, high = metrics["runs"]["interval"]
    assert low <= metrics["runs"]["mean"] <= high
    assert "mean and standard deviation of 2 runs" in capsys.readouterr().out


def test_groups_are_resampled_together(folder: Path) -> None:
    write(folder / "groups.tsv", "video\tgroup\na\tx\nb\tx\nc\tx\n")
    runs = evaluate(folder, "--resamples", "20", "--groups", str(folder / "groups.tsv"))["runs"]
    assert runs["interval"] == [runs["mean"], runs["mean"]]  # a single group is drawn every time
    write(folder / "groups.tsv", "video\tgroup\na\tx\n")
    with pytest.raises(UserError, match=r"groups\.tsv: videos without a group"):
        evaluate(folder, "--resamples", "20", "--groups", str(folder / "groups.tsv"))


def test_the_same_files_give_the_same_bytes(folder: Path) -> None:
    evaluate(folder, "--resamples", "20")
    first = (folder / "metrics.json").read_bytes()
    evaluate(folder, "--resamples", "20")
    assert (folder / "metrics.json").read_bytes() == first


@pytest.mark.skipif(not REAL.exists(), reason=f"no real annotations in {REAL}; set BSNPP_SHARED")
def test_the_real_annotations_as_detections(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = str(REAL / "video_info_new.csv")
    truth = read_subset(str(REAL / "anet_anno_action.json.gz"), "validation", table)
    results: dict[str, list[Any]] = {video: [] for video in truth.videos["video"]}
    rows = truth.instances[["video", "label", "start", "end"]].itertuples(index=False, name=None)
    for score, (video, label, start, end) in enumerate(rows):
        results[video].append({"label": label, "score": score, "segment": [start, end]})
    write(tmp_path / "S.json", submission(results))
    command = ["evaluate", "--annotations", truth.path, "--subset-table", table]
    command += ["--submission", str(tmp_path / "S.json"), "--output", str(tmp_path / "metrics.json")]
    dispatch([*command, "--verbatim"])
    verbatim = json.loads((tmp_path / "metrics.json").read_text())
    shown = capsys.readouterr().out
    assert "duplicate instances: 17, kept" in shown
    assert "BMN protocol, 4,728 videos of validation with public features (official protocol: 4,926" in shown
    assert verbatim["counts"] == {"videos": 4728, "instances": 7293, "classes": 200, "predictions": 7293}
    perfect = [label for label, row in verbatim["AP"].items() if row["average"] > 1 - 1e-12]
    assert len(perfect) >= 197  # three instances have no length and cannot be detected
    dispatch(command)
    lenient = json.loads((tmp_path / "metrics.json").read_text())
    assert lenient["notes"] == ["segments that reach outside their video: 71, clipped"]
    assert 0.99 < lenient["average_mAP"] <= verbatim["average_mAP"] < 1.0
