"""Improvements A and B in the workflow: searched weights, and members with missing videos."""

import csv

import h5py
import pytest

from tests.workflow.project import Project, tiny_config
from tests.workflow.test_bad_input import STREAMS, a_feature_file, a_video, assert_clear

RESULTS = "results/tiny"
AT_6 = f"{RESULTS}/{{}}/T6.testing"
FUSED = f"{RESULTS}/fusion/bsnpp/{{}}/T8.testing.h5"


def rows_of(project: Project, name: str) -> list[dict[str, str]]:
    with (project.folder / RESULTS / name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_weights_are_searched_by_average_map(finished: Project) -> None:
    settings = {"metric": "average_map"}
    config = {**tiny_config(), "fusion": {"weights": "search", **settings}, "weight_search": settings}
    finished.configure(config)
    figures = [f"{RESULTS}/figures/{name}.png" for name in ("weights.bsnpp.three", "panel.all")]
    done = finished.snakemake(*figures)
    assert done.code == 0, done.text
    for table in ("fusion/bsnpp/three/weights.csv", "classification/panels/all/weights.csv"):
        rows = rows_of(finished, table)
        assert sum(float(row["weight"]) for row in rows) == pytest.approx(1)
        best = max(float(row["score"]) for row in rows)
        assert all(float(row["fused"]) >= best for row in rows), "fusion is worse than the best member"
    log = (finished.folder / RESULTS / "logs/classification/panels/all.log").read_text()
    assert "average_map: 0." in log
    assert "True" in {row["plateau"] for row in rows_of(finished, "classification/panels/all/grid.csv")}


def test_a_video_may_be_missing_in_some_members_but_not_in_all(finished: Project) -> None:
    a_feature_file(finished).unlink()
    finished.configure({**tiny_config(), "fusion": {"missing": "renormalise"}})
    video = a_video(finished, "testing")
    done = finished.snakemake(FUSED.format("three"))
    assert done.code == 0, done.text
    for name, there in (("maps/bsnpp/sharp/pretrained", False), ("fusion/bsnpp/three", True)):
        with h5py.File(finished.folder / RESULTS / name / "T8.testing.h5") as file:
            assert (video in list(file["video"].asstr())) == there
    log = (finished.folder / RESULTS / "logs/fusion/bsnpp/three/T8.testing.log").read_text()
    assert "without the missing ones: 1" in log
    assert_clear(finished.snakemake(FUSED.format("single")), f"{video}: missing in sharp/scratch")
    assert "set missing" not in finished.snakemake(FUSED.format("single")).text, "the option is already set"
    panel = finished.snakemake(f"{RESULTS}/classification/panels/all/weights.csv")
    assert_clear(panel, f"own: video {video}: missing")


def test_all_videos_of_a_scale_may_be_missing_but_not_of_a_subset(finished: Project) -> None:
    names = (finished.folder / f"{AT_6.format('annotations')}.txt").read_text().split()
    stream = finished.folder / STREAMS / "sharp/challenge/rgb"
    for video in names:
        next(stream.glob(f"*{video}*")).unlink()
    finished.configure({**tiny_config(), "fusion": {"missing": "renormalise"}})
    done = finished.snakemake(f"{AT_6.format('fusion/bsnpp/three')}.h5")
    assert done.code == 0, done.text
    for name, there in (("maps/bsnpp/sharp/pretrained", []), ("fusion/bsnpp/three", sorted(names))):
        with h5py.File(finished.folder / f"{AT_6.format(name)}.h5") as file:
            assert list(file["video"].asstr()) == there
    nobody = finished.snakemake(f"{AT_6.format('fusion/bsnpp/single')}.h5")
    assert_clear(nobody, *(f"{video}: missing in sharp/scratch" for video in names))
    for path in stream.iterdir():
        if (video := path.stem.removeprefix("v_")) not in names:
            path.rename(path.with_name(f"other_{video}{path.suffix}"))
    wrong = finished.snakemake(f"{AT_6.format('features/sharp')}.h5")
    assert_clear(wrong, "videos without features", *names)
