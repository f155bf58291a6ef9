"""A finished run, exported, detects actions in new videos as the workflow does."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.workflow.project import STREAMS, Outcome, Project, tiny_config

RESULTS = Path("results/tiny")
SIMULATED = Path("data/simulated")
BUNDLE = RESULTS / "bundle.zip"


def place_features(project: Project) -> None:
    """Link the features of the challenge to where `bsnpp predict` looks for them."""
    for encoder, dataset, stream, path in STREAMS:
        if dataset == "challenge":
            source = project.folder / SIMULATED / "features" / path
            link = project.folder / "new" / encoder / f"{stream}{source.suffix}"
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(source)


def predict(project: Project, table: Path, output: str) -> Outcome:
    """Run `bsnpp predict` on the videos of a table."""
    command = [sys.executable, "-m", "bsnpp.cli.main", "predict", BUNDLE, "--features", "new"]
    scores = [f"{name}={SIMULATED}/classifiers/{name}.json" for name in ("alpha", "beta")]
    return project.run(*command, "--durations", table, "--scores", *scores, "--output", output)


def results_of(path: Path) -> dict[str, Any]:
    """Return the detections of a submission by video."""
    return json.loads(path.read_text())["results"]


def test_a_bundle_gives_the_bytes_of_the_submission(finished: Project) -> None:
    config = tiny_config()
    config["detection"] = {"ensemble": "rank"}
    config["panels"]["all"] = {"members": config["panels"]["all"], "weights": "equal"}
    finished.configure(config)
    done = finished.snakemake("submit", "bundle")
    assert done.code == 0, done.text
    place_features(finished)
    done = predict(finished, RESULTS / "annotations/testing.videos.tsv", "all.json")
    assert done.code == 0, done.text
    submission = finished.folder / RESULTS / "submission.json"
    assert (finished.folder / "all.json").read_bytes() == submission.read_bytes()
    header, *_, last = (
        (finished.folder / RESULTS / "annotations/testing.videos.tsv").read_text().strip().splitlines()
    )
    (finished.folder / "one.tsv").write_text(f"{header}\n{last}\n")
    done = predict(finished, Path("one.tsv"), "one.json")
    assert done.code == 0, done.text
    video = last.split("\t")[0]
    alone = results_of(finished.folder / "one.json")
    assert alone == {video: results_of(submission)[video]}, "a video alone gives what it gives among others"


def test_a_finished_run_is_exported_without_the_workflow(finished_run: Project, tmp_path: Path) -> None:
    path = tmp_path / "tiny.zip"
    done = finished_run.run(sys.executable, "-m", "bsnpp.cli.main", "export", RESULTS, "--output", path)
    assert done.code == 0, done.text
    assert "variant D of tiny" in done.text
    assert path.stat().st_size > 10_000


@pytest.mark.parametrize(("variant", "words"), [("theirs", "theirs: joins external detections (theirs)")])
def test_a_variant_that_cannot_be_exported_is_refused(finished: Project, variant: str, words: str) -> None:
    config = tiny_config()
    config["submission"] = {"variant": variant}
    finished.configure(config)
    outcome = finished.snakemake("--dry-run", "bundle")
    assert outcome.code == 1 and words in outcome.text and "Traceback" not in outcome.text
    assert "describe_export" not in finished.jobs().rules
