"""Estimators as plain arrays give what scikit-learn gives, and damaged files are refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load, save
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline

from bsnpp.core.errors import UserError
from bsnpp.core.weight_files import metadata_of
from bsnpp.recogniser.regressors import make_regressor
from bsnpp.snippets.classifier import SnippetClassifier
from bsnpp.snippets.classifier_files import parse_snippet_classifier, save_snippet_classifier
from bsnpp.snippets.estimator_settings import EstimatorSettings, Kind
from bsnpp.snippets.estimators import fit, make_classifier, make_constant
from bsnpp.snippets.plain_estimators import parse_estimators, plain, save_estimators

SMALL = EstimatorSettings(trees=7, hidden_units=9, epochs=3, max_iterations=20)
KINDS: tuple[Kind, ...] = ("logistic", "trees", "network")


def samples(count: int, features: int, seed: int = 0) -> np.ndarray:
    """Return random features, one of them constant: float32 (count, features)."""
    values = np.random.default_rng(seed).normal(size=(count, features)).astype(np.float32)
    values[:, 1] = 4.0
    return values


def again(pipeline: Any, folder: Path) -> Any:
    """Write an estimator and read it back."""
    save_estimators(folder / "one.safetensors", {"one": plain(pipeline)}, {})
    estimators, _ = parse_estimators((folder / "one.safetensors").read_bytes(), "one")
    estimators["one"].check(pipeline.n_features_in_)
    return estimators["one"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("classes", [[0, 3], [0, 1, 2, 5, 9]])
@pytest.mark.parametrize("width", [3, 20, 333])
def test_a_classifier_read_back_gives_the_same_bits(
    kind: Kind, classes: list[int], width: int, tmp_path: Path
) -> None:
    labels = np.random.default_rng(1).choice(classes, 400)
    fitted = fit(make_classifier(kind, SMALL, 0), samples(400, width), labels)
    read = again(fitted, tmp_path)
    np.testing.assert_array_equal(read.classes_, fitted.classes_)
    for count in (1, 2, 7, 600, 3000):
        new = samples(count, width, seed=count)
        ours, theirs = read.predict_proba(new), fitted.predict_proba(new)
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("kind", ["trees", "network"])
@pytest.mark.parametrize("width", [5, 500])
def test_a_regressor_read_back_gives_the_same_bits(kind: Any, width: int, tmp_path: Path) -> None:
    targets = np.random.default_rng(1).random(400)
    fitted = fit(make_regressor(kind, SMALL, 0), samples(400, width), targets)
    read = again(fitted, tmp_path)
    for count in (1, 2, 7, 600, 3000):
        new = samples(count, width, seed=count)
        np.testing.assert_array_equal(read.predict(new), fitted.predict(new))


def test_a_constant_classifier_is_read_back(tmp_path: Path) -> None:
    fitted = fit(make_constant(), samples(5, 4), np.full(5, 2))
    read = again(fitted, tmp_path)
    np.testing.assert_array_equal(read.classes_, [2])
    np.testing.assert_array_equal(read.predict_proba(samples(7, 4)), fitted.predict_proba(samples(7, 4)))


def test_values_at_a_threshold_go_where_scikit_learn_sends_them(tmp_path: Path) -> None:
    values = np.random.default_rng(0).integers(0, 3, (300, 4)).astype(np.float32)
    fitted = fit(make_regressor("trees", SMALL, 0), values, values.sum(axis=1))
    thresholds = plain(fitted).steps[-1].threshold.astype(np.float32)  # type: ignore[attr-defined]
    new = np.random.default_rng(1).choice(thresholds, (500, 4))
    np.testing.assert_array_equal(again(fitted, tmp_path).predict(new), fitted.predict(new))


def test_the_same_estimator_gives_the_same_bytes(tmp_path: Path) -> None:
    fitted = fit(make_classifier("trees", SMALL, 0), samples(90, 4), np.arange(90) % 3)
    for name in ("a", "b"):
        save_estimators(tmp_path / name, {"x": plain(fitted), "y": plain(fitted)}, {"more": [1, 2]})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_an_estimator_without_a_plain_form_is_an_error() -> None:
    with pytest.raises(TypeError, match="no plain form of PCA"):
        plain(make_pipeline(PCA().fit(samples(9, 3))))


CHANNELS = 4


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a classifier of snippets."""
    labels = np.arange(90) % 3
    fitted = fit(make_classifier("trees", SMALL, 0), samples(90, 3 * CHANNELS), labels)
    path = tmp_path_factory.mktemp("stored") / "one.safetensors"
    save_snippet_classifier(path, SnippetClassifier(["background", "a", "b"], fitted, 2.0, 0.5))
    return path.read_bytes()


def test_a_classifier_of_snippets_is_read_back(stored: bytes) -> None:
    classifier, channels = parse_snippet_classifier(stored, "one")
    assert (classifier.classes, channels) == (["background", "a", "b"], CHANNELS)
    assert (classifier.context_seconds, classifier.snippet_seconds) == (2.0, 0.5)
    assert classifier.logits(samples(11, CHANNELS)).shape == (11, 3)


def edited(stored: bytes, change: Callable[[dict[str, np.ndarray], dict[str, Any]], object]) -> bytes:
    """Return a file with other arrays or another header."""
    arrays = {name: array.copy() for name, array in load(stored).items()}
    content = json.loads(metadata_of(stored)["content"])
    change(arrays, content)
    return save(arrays, metadata={"content": json.dumps(content)})


TREES = "classifier/1/"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda a, c: c["estimators"]["classifier"].append("os.system"), "unknown steps: os.system"),
        (lambda a, c: c.update(channels=5), "another width"),
        (lambda a, c: c.update(classes=["background"]), "labels that are not"),
        (lambda a, c: c.update(snippet_seconds=0), "not above 0"),
        (lambda a, c: c.pop("context_seconds"), "context_seconds"),
        (lambda a, c: c.pop("estimators"), "estimators"),
        (lambda a, c: a.pop(TREES + "left"), "left"),
        (lambda a, c: a[TREES + "right"].__setitem__(0, 10**6), "loop"),
        (lambda a, c: a[TREES + "right"].__setitem__(0, 0), "loop"),
        (lambda a, c: a[TREES + "feature"].__setitem__(0, 99), "another width"),
        (lambda a, c: a[TREES + "roots"].__setitem__(0, -4), "another width"),
        (lambda a, c: a.update({TREES + "outputs": a[TREES + "outputs"][:1]}), "leaves without output"),
        (lambda a, c: a.update({TREES + "left": a[TREES + "left"] * 1.0}), "no integers"),
        (lambda a, c: a["classifier/0/mean"].__setitem__(0, np.nan), "out of range"),
        (lambda a, c: a["classifier/0/deviation"].__setitem__(0, 0), "out of range"),
    ],
)
def test_a_damaged_file_is_refused(stored: bytes, change: Any, words: str) -> None:
    with pytest.raises(UserError, match=rf"^one: .*{words}"):
        parse_snippet_classifier(edited(stored, change), "one")


@pytest.mark.parametrize("data", [b"", b"text" * 9, b"\x80\x04cposix\nsystem\n."])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(UserError, match="one: not estimators of this project"):
        parse_snippet_classifier(data, "one")
