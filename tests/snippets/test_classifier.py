"""Snippet classifiers: context features, training, and out-of-fold scores."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.pipeline import Pipeline

from bsnpp.core.errors import UserError
from bsnpp.snippets import classifier as snippet_classifiers
from bsnpp.snippets.classifier import (
    SnippetClassifier,
    context_features,
    out_of_fold_logits,
    share_correct,
    train_snippet_classifier,
)
from bsnpp.snippets.classifier_files import parse_snippet_classifier, save_snippet_classifier
from bsnpp.snippets.classifier_settings import SnippetClassifierSettings
from bsnpp.snippets.estimator_settings import EstimatorSettings, Kind
from tests.reference.snippet_scores import step_mean

CLASSES = ["background", "run", "walk"]
KINDS: list[Kind] = ["logistic", "trees", "network"]
SMALL = EstimatorSettings(trees=20)


def recordings(seed: int, count: int) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return noise (60, 5) with a raised channel per class in stretches of 10 snippets, and the classes."""
    rng = np.random.default_rng(seed)
    sequences, targets = {}, {}
    for number in range(count):
        labels = np.repeat(rng.integers(3, size=6), 10)
        sequence = rng.normal(size=(60, 5)).astype(np.float32)
        sequence[np.arange(60), labels] += 1.5
        sequences[f"r{number}"], targets[f"r{number}"] = sequence, labels
    return sequences, targets


def settings(kind: Kind = "logistic") -> SnippetClassifierSettings:
    return SnippetClassifierSettings(kind=kind, estimator=SMALL, context_seconds=1.0, folds=3)


def test_context_equals_plain_loops() -> None:
    sequence = np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32)
    result = context_features(sequence, 0.4, 1.0)
    for k in range(7):
        before = step_mean(sequence, 0.4 * k - 1.0, 0.4 * k, 0.4)
        after = step_mean(sequence, 0.4 * (k + 1), 0.4 * (k + 1) + 1.0, 0.4)
        np.testing.assert_allclose(result[k], np.concatenate([before, sequence[k], after]), atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_new_recordings_are_classified_deterministically(kind: Kind) -> None:
    sequences, targets = recordings(0, 8)
    others, truth = recordings(1, 3)
    first = train_snippet_classifier(sequences, targets, CLASSES, 0.4, settings(kind), 0)
    again = train_snippet_classifier(sequences, targets, CLASSES, 0.4, settings(kind), 0)
    hits = []
    for video, sequence in others.items():
        logits = first.logits(sequence)
        assert logits.dtype == np.float32
        np.testing.assert_allclose(np.exp(logits).sum(axis=1), 1.0, atol=1e-5)
        np.testing.assert_array_equal(logits, again.logits(sequence))
        hits.append(np.mean(logits.argmax(axis=1) == truth[video]))
    assert np.mean(hits) > 0.8


def test_the_number_of_training_snippets_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    sequences, targets = recordings(0, 4)
    seen = []
    original = snippet_classifiers.fit

    def remember(estimator: Pipeline, features: np.ndarray, labels: np.ndarray) -> Pipeline:
        seen.append(features.shape)
        return original(estimator, features, labels)

    monkeypatch.setattr(snippet_classifiers, "fit", remember)
    few = settings().model_copy(update={"training_snippets": 100})
    train_snippet_classifier(sequences, targets, CLASSES, 0.4, few, 0)
    assert seen == [(80, 15)]  # every third of 240


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("target", [0, 1])
def test_a_single_class_is_always_predicted(kind: str, target: int, tmp_path: Path) -> None:
    sequences, targets = recordings(0, 2)
    alike = {video: np.full_like(one, target) for video, one in targets.items()}
    chosen = settings().model_copy(update={"kind": kind})
    with pytest.warns(UserWarning, match=f"all training snippets have the class {CLASSES[target]}"):
        classifier = train_snippet_classifier(sequences, alike, CLASSES, 0.4, chosen, 0)
    save_snippet_classifier(tmp_path / "model", classifier)
    stored, _ = parse_snippet_classifier((tmp_path / "model").read_bytes(), "model")
    for sequence in sequences.values():
        logits = classifier.logits(sequence)
        assert (logits.argmax(axis=1) == target).all() and np.isfinite(logits).all()
        np.testing.assert_array_equal(stored.logits(sequence), logits)


def test_training_needs_recordings() -> None:
    with pytest.raises(UserError, match="needs training recordings"):
        train_snippet_classifier({}, {}, CLASSES, 0.4, settings(), 0)


def test_a_single_recording_is_scored_by_a_classifier_that_was_trained_on_it() -> None:
    sequences, targets = recordings(0, 1)
    (video,) = sequences
    with pytest.warns(UserWarning, match="its only recording is trained on"):
        logits = out_of_fold_logits(sequences, targets, {video: "1"}, CLASSES, 0.4, settings(), 0)
    classifier = train_snippet_classifier(sequences, targets, CLASSES, 0.4, settings(), 0)
    np.testing.assert_array_equal(logits[video], classifier.logits(sequences[video]))


def test_no_model_scores_a_person_of_its_training_data(monkeypatch: pytest.MonkeyPatch) -> None:
    sequences, targets = recordings(0, 6)
    persons = {f"r{number}": str(number // 2) for number in range(6)}
    seen_by: dict[int, set[str]] = {}
    original = snippet_classifiers.train_snippet_classifier

    def remember(given: dict[str, np.ndarray], *rest: object) -> SnippetClassifier:
        classifier = original(given, *rest)  # type: ignore[arg-type]
        seen_by[id(classifier.pipeline)] = {persons[video] for video in given}
        kept.append(classifier)
        return classifier

    kept: list[SnippetClassifier] = []
    monkeypatch.setattr(snippet_classifiers, "train_snippet_classifier", remember)
    logits = out_of_fold_logits(sequences, targets, persons, CLASSES, 0.4, settings(), 0)
    assert sorted(logits) == sorted(sequences)
    for video, result in logits.items():
        makers = [c for c in kept if np.array_equal(c.logits(sequences[video]), result)]
        assert makers
        assert all(persons[video] not in seen_by[id(maker.pipeline)] for maker in makers)


def test_out_of_fold_scores_of_noise_are_poor() -> None:
    rng = np.random.default_rng(0)
    sequences = {f"r{n}": rng.normal(size=(40, 30)).astype(np.float32) for n in range(6)}
    targets = {video: rng.integers(3, size=40) for video in sequences}
    persons = {video: video for video in sequences}
    trees = settings("trees")
    out_of_fold = out_of_fold_logits(sequences, targets, persons, CLASSES, 0.4, trees, 0)
    model = train_snippet_classifier(sequences, targets, CLASSES, 0.4, trees, 0)
    hits = [np.mean(out_of_fold[v].argmax(axis=1) == targets[v]) for v in sequences]
    training = [np.mean(model.logits(sequences[v]).argmax(axis=1) == targets[v]) for v in sequences]
    assert np.mean(hits) < 0.5 < np.mean(training)


def test_the_share_of_correct_snippets_is_over_all_recordings() -> None:
    logits = {"a": np.eye(3)[[0, 1]], "b": np.eye(3)[[2]]}
    targets = {"a": np.array([0, 2]), "b": np.array([2])}
    assert share_correct(logits, targets) == 2 / 3
