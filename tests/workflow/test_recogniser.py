"""The recogniser of proposals on whole videos, in the tiny challenge."""

from pathlib import Path

import pandas as pd

from tests.workflow.project import Jobs, Project, tiny_config

RESULTS = Path("results/tiny")


def test_proposals_of_whole_videos_are_recognised_without_a_new_training(finished: Project) -> None:
    config = tiny_config()
    config["variants"] |= {"recognised": {"recognises": "D", "after": "D"}, "dense": {"control": "dense"}}
    config["recognition"] = {
        "panel": "all",
        "calibrated": True,
        "estimator": {"trees": 5, "hidden_units": 8, "epochs": 2},
        "copies": 1,
        "windows": 2,
        "refined": 50,
        "folds": 2,
        "candidates": {"refine": [False, True]},
    }
    config["submission"] = {"variant": "recognised"}
    finished.configure(config)
    done = finished.snakemake()
    assert done.code == 0, done.text
    jobs = Jobs(done)
    assert jobs.count["recognise"] == 2 and jobs.count["cross_validate_recogniser"] == 1
    assert "train_generator" not in jobs.count and "predict_maps" not in jobs.count
    table = pd.read_csv(finished.folder / RESULTS / "tables/ablation.csv")
    assert table.loc[table["variant"].isin(["recognised", "dense"]), "average_map"].between(0, 100).all()
    detections = pd.read_parquet(finished.folder / RESULTS / "detections/recognised.testing.parquet")
    videos = pd.read_csv(finished.folder / RESULTS / "annotations/testing.videos.tsv", sep="\t")
    extent = detections["video"].astype(str).map(videos.set_index("video")["extent"])
    assert (detections["start"] >= 0).all() and (detections["end"] <= extent + 1e-9).all()
    assert set(detections["video"]) == set(videos["video"])
    refused = finished.snakemake("bundle")
    assert refused.code != 0 and "its recogniser reads whole videos" in refused.text
