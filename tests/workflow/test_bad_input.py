"""Invalid data end in one clear message and exit code 1, and leave no incomplete file."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.workflow.project import ANNOTATIONS, Outcome, Project, tiny_config

FEATURES = "results/tiny/features/{}/T8.testing.h5"
STREAMS = "data/simulated/features"


def a_video(project: Project, subset: str) -> str:
    entries = project.read_annotations()["database"].items()
    return next(video for video, entry in entries if entry["subset"] == subset and entry["annotations"])


def a_feature_file(project: Project) -> Path:
    """Return the file of one test video in a stream with one file per video."""
    video = a_video(project, "testing")
    (path,) = (project.folder / STREAMS / "sharp/challenge/rgb").glob(f"*{video}*")
    return path


def assert_clear(outcome: Outcome, *words: str) -> None:
    """Check for one message with these words, exit code 1, and no traceback."""
    assert outcome.code == 1, outcome.text
    assert "Traceback" not in outcome.text and '.py", line' not in outcome.text, outcome.text
    assert outcome.text.count("error: ") == 1, outcome.text
    message = outcome.text.split("error: ")[1]
    missing = [word for word in words if word not in message]
    assert not missing, f"no {missing} in {message}"


def assert_nothing_written(project: Project, target: str) -> None:
    assert not (project.folder / target).exists()
    assert not list(project.folder.glob("**/*.part"))


def save(values: np.ndarray) -> Callable[[Path], None]:
    return lambda path: np.save(path, values)


def with_nan() -> np.ndarray:
    values = np.zeros((20, 16), dtype=np.float32)
    values[3, 5] = np.nan
    return values


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        pytest.param(Path.unlink, ["videos without features"], id="missing"),
        pytest.param(save(np.zeros((20, 7))), ["(20, 7)", "(snippets, 16)", "channels"], id="channels"),
        pytest.param(save(with_nan()), ["NaN or infinite in 1 of 20 snippets"], id="nan"),
        pytest.param(lambda path: path.write_bytes(b"x"), ["cannot be read"], id="damaged"),
    ],
)
def test_an_invalid_feature_file_is_reported(
    finished: Project, spoil: Callable[[Path], object], words: list[str]
) -> None:
    path = a_feature_file(finished)
    spoil(path)
    target = FEATURES.format("sharp")
    outcome = finished.snakemake(target)
    assert_clear(outcome, a_video(finished, "testing"), f"{STREAMS}/sharp/challenge/rgb", *words)
    assert_nothing_written(finished, target)


def test_a_damaged_hdf5_of_the_user_is_reported(finished: Project) -> None:
    path = finished.folder / STREAMS / "smooth/challenge/rgb.h5"
    path.write_bytes(path.read_bytes()[:1000])
    target = FEATURES.format("smooth")
    outcome = finished.snakemake(target)
    assert_clear(outcome, f"{STREAMS}/smooth/challenge/rgb.h5", "cannot be opened as HDF5")
    assert_nothing_written(finished, target)


def test_a_damaged_hdf5_of_the_chain_is_reported(finished: Project) -> None:
    features = "results/tiny/features/sharp/T8.testing.h5"
    (finished.folder / features).write_bytes(b"not HDF5")
    target = "results/tiny/maps/bmn/sharp/scratch/T8.testing.h5"
    outcome = finished.snakemake(target)
    assert_clear(outcome, features)
    assert_nothing_written(finished, target)


def spoil_annotation(project: Project, key: str, value: object) -> str:
    """Set a key of one training instance and return its video."""
    content, video = project.read_annotations(), a_video(project, "training")
    content["database"][video]["annotations"][0][key] = value
    project.write_annotations(content)
    return video


def test_an_instance_that_ends_before_its_start_is_reported(finished: Project) -> None:
    video = spoil_annotation(finished, "segment", [5, 2])
    target = "results/tiny/annotations/training.instances.tsv"
    outcome = finished.snakemake(target)
    assert_clear(outcome, ANNOTATIONS, video, "ends at 2", "start at 5")
    assert_nothing_written(finished, target)


def test_an_unknown_label_is_reported(finished: Project) -> None:
    video = spoil_annotation(finished, "label", "Juggling")
    target = "results/tiny/annotations/training.instances.tsv"
    outcome = finished.snakemake(target)
    assert_clear(outcome, ANNOTATIONS, "'Juggling' is not in classes.txt", video)
    assert_nothing_written(finished, target)


def test_annotations_that_are_not_json_are_reported(finished: Project) -> None:
    (finished.folder / ANNOTATIONS).write_text("{")
    assert_clear(finished.snakemake("--dry-run"), ANNOTATIONS, "not valid JSON")


def test_a_class_missing_in_a_classifier_is_reported(finished: Project) -> None:
    path = finished.folder / "data/simulated/classifiers/beta.json"
    label = (finished.folder / "classes.txt").read_text().splitlines()[0]
    path.write_text(path.read_text().replace(label, "Juggling"))
    target = "results/tiny/classification/scores/beta.testing.h5"
    outcome = finished.snakemake(target)
    assert_clear(outcome, "data/simulated/classifiers/beta.json", label)
    assert_nothing_written(finished, target)


def test_all_faults_of_a_classifier_are_reported_together(finished: Project) -> None:
    path = finished.folder / "data/simulated/classifiers/beta.json"
    content = json.loads(path.read_text())
    videos = [a_video(finished, subset) for subset in ("validation", "testing")]
    for video in videos:
        del content["results"][video]
    label = (finished.folder / "classes.txt").read_text().splitlines()[0]
    content["class"][content["class"].index(label)] = "Juggling"
    path.write_text(json.dumps(content))
    target = "results/tiny/classification/scores/beta.testing.h5"
    outcome = finished.snakemake(target)
    missing = [f"video {video}: missing" for video in videos]
    assert_clear(
        outcome, *missing, f"class '{label}': missing", "class 'Juggling': not a class of the challenge"
    )
    assert_nothing_written(finished, target)


def test_an_output_that_cannot_be_written_is_reported(finished: Project) -> None:
    target = "classes.txt/below_a_file/training.videos.tsv"
    outcome = finished.script(
        *[
            "read_annotations",
            "--subset",
            "training",
            "--videos",
            target,
            "--instances",
            f"{target}.instances",
        ],
        *["--settings", f'{{"annotations": {{"layout": "activitynet", "path": "{ANNOTATIONS}"}}}}'],
    )
    assert_clear(outcome, target, "cannot be written", "permissions")


def test_results_that_cannot_be_written_are_reported(finished: Project) -> None:
    finished.configure({**tiny_config(), "results": "classes.txt/results"})
    assert_clear(finished.snakemake(), "results: cannot write classes.txt/results")


def test_all_missing_files_are_reported_together(finished: Project) -> None:
    (finished.folder / "data").rename(finished.folder / "elsewhere")
    outcome = finished.snakemake("--dry-run")
    streams = [
        f"{STREAMS}/sharp/{part}/{name}" for part in ("challenge", "pretraining") for name in ("rgb", "flow")
    ]
    assert_clear(
        outcome,
        f"{ANNOTATIONS}: the annotations as JSON",
        "data/simulated/pretraining.json: the annotations as JSON",
        *[f"{path}: {path.split('/')[-1]} features of sharp" for path in streams],
        f"{STREAMS}/smooth/challenge/flow.h5: flow features of smooth (challenge), 16 channels",
        "data/simulated/classifiers/alpha.json: probabilities of alpha",
        "data/simulated/classifiers/beta.json: logits of beta",
    )
    assert "classes.txt" not in outcome.text, "an existing file is reported as missing"
