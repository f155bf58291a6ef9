"""Files of trained classifiers."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from bsnpp.classification.classifier_files import ARRAYS, load_classifier, parse_classifier, save_classifier
from bsnpp.classification.video_classifier import TrainedClassifier, predict_logits, train_classifier
from bsnpp.classification.video_classifier_settings import ClassifierSettings
from bsnpp.core.errors import UserError

CLASSES = ["Archery", "Bowling", "Curling", "Diving"]


def trained(classes: int) -> tuple[TrainedClassifier, np.ndarray]:
    """Return a classifier that knows some of the four classes, and the features it was trained on."""
    rng = np.random.default_rng(classes)
    features = rng.normal(size=(24, 5, 8)).astype(np.float32)
    labels = [CLASSES[row % classes] for row in range(24)]
    names = CLASSES if classes == 4 else CLASSES[:classes]
    return train_classifier(features, labels, names, ClassifierSettings()), features


@pytest.mark.filterwarnings("ignore:all training videos have the class")
@pytest.mark.parametrize("classes", [1, 2, 3, 4])
def test_a_classifier_read_back_gives_the_same_logits(classes: int, tmp_path: Path) -> None:
    classifier, features = trained(classes)
    path = tmp_path / "model.safetensors"
    save_classifier(path, classifier)
    again = load_classifier(path)
    assert (again.classes, again.known) == (classifier.classes, classifier.known)
    np.testing.assert_array_equal(predict_logits(again, features), predict_logits(classifier, features))


@pytest.mark.filterwarnings("ignore:classes without a training video")
def test_a_class_without_training_videos_is_kept(tmp_path: Path) -> None:
    _, features = trained(2)
    labels = [CLASSES[row % 2] for row in range(24)]
    classifier = train_classifier(features, labels, CLASSES, ClassifierSettings())
    save_classifier(tmp_path / "model.safetensors", classifier)
    again = load_classifier(tmp_path / "model.safetensors")
    assert again.known == CLASSES[:2] and again.classes == CLASSES
    np.testing.assert_array_equal(predict_logits(again, features), predict_logits(classifier, features))


def test_the_same_classifier_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_classifier(tmp_path / name, trained(3)[0])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def rewritten(path: Path, **changes: np.ndarray) -> None:
    """Replace arrays of a file of a classifier that knows three classes."""
    save_classifier(path, trained(3)[0])
    header = json.dumps({"classes": CLASSES[:3], "known": CLASSES[:3]})
    save_file({**load_file(path), **changes}, path, metadata={"classifier": header})


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_of_wrong_shape_are_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    rewritten(path, **{name: np.zeros((2, 2))})
    with pytest.raises(UserError, match="not a classifier of this project"):
        parse_classifier(path.read_bytes(), str(path))


def test_a_missing_or_foreign_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no\.safetensors: no such file"):
        load_classifier(tmp_path / "no.safetensors")
    (tmp_path / "text").write_text("text")
    with pytest.raises(UserError, match=r"text: .*no checksum"):
        load_classifier(tmp_path / "text")
    save_file({"weight": np.zeros(3)}, tmp_path / "other")
    with pytest.raises(UserError, match="other: not a classifier of this project"):
        parse_classifier((tmp_path / "other").read_bytes(), "other")
