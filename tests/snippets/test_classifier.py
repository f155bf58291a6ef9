"""Snippet classifiers: what they see, that they learn, and that out-of-fold means by person."""

import numpy as np
import pytest
from sklearn.pipeline import Pipeline

from bsnpp.core.errors import UserError
from bsnpp.snippets import classifier as snippet_classifiers
from bsnpp.snippets.classifier import (
    SnippetClassifier,
    context_features,
    out_of_fold_logits,
    train_snippet_classifier,
)
from bsnpp.snippets.classifier_settings import SnippetClassifierSettings
from bsnpp.snippets.estimator_settings import EstimatorSettings, Kind
from bsnpp.snippets.estimators import class_logits, fit, make_classifier
from bsnpp.snippets.folds import group_folds
from tests.reference.snippet_scores import step_mean

CLASSES = ["background", "run", "walk"]
KINDS: list[Kind] = ["logistic", "trees", "network"]
SMALL = EstimatorSettings(trees=20)


def recordings(seed: int, count: int) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Noise (60, 5) with a raised channel for each class, in stretches of 10 snippets; and the classes."""
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
    found = context_features(sequence, 0.4, 1.0)
    for k in range(7):
        before = step_mean(sequence, 0.4 * k - 1.0, 0.4 * k, 0.4)
        after = step_mean(sequence, 0.4 * (k + 1), 0.4 * (k + 1) + 1.0, 0.4)
        np.testing.assert_allclose(found[k], np.concatenate([before, sequence[k], after]), atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_unseen_recordings_are_recognised_and_twice_the_same(kind: Kind) -> None:
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


def test_most_snippets_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_class_that_was_not_seen_is_never_predicted() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(90, 4))
    labels = np.repeat([0, 2, 3], 30)
    features[np.arange(90), labels % 4] += 3
    pipeline = fit(make_classifier("logistic", SMALL, 0), features, labels)
    logits = class_logits(pipeline, features, 5)
    assert logits.shape == (90, 5)
    assert np.isfinite(logits).all()
    assert (logits[:, [1, 4]] <= logits.max(axis=1, keepdims=True) + np.log(1e-8)).all()
    np.testing.assert_array_equal(logits.argmax(axis=1), pipeline.predict(features))


def test_training_needs_two_classes() -> None:
    sequences, targets = recordings(0, 2)
    nothing = {video: np.zeros_like(target) for video, target in targets.items()}
    with pytest.raises(UserError, match="two classes"):
        train_snippet_classifier(sequences, nothing, CLASSES, 0.4, settings(), 0)


def test_a_persons_recordings_stay_together() -> None:
    persons = {"a": "1", "b": "1", "c": "2", "d": "3", "e": "3", "f": "3", "g": "4"}
    parts = group_folds(persons, 3)
    assert sorted(video for part in parts for video in part) == sorted(persons)
    owners = [{persons[video] for video in part} for part in parts]
    assert sum(map(len, owners)) == 4
    assert len(parts) == 3
    assert len(group_folds(persons, 99)) == 4
    with pytest.raises(UserError, match="two groups"):
        group_folds({"a": "1", "b": "1"}, 2)


def test_no_model_scores_a_person_that_it_saw(monkeypatch: pytest.MonkeyPatch) -> None:
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
    for video, found in logits.items():
        makers = [c for c in kept if np.array_equal(c.logits(sequences[video]), found)]
        assert makers
        assert all(persons[video] not in seen_by[id(maker.pipeline)] for maker in makers)


def test_out_of_fold_scores_of_noise_are_not_too_good() -> None:
    rng = np.random.default_rng(0)
    sequences = {f"r{n}": rng.normal(size=(40, 30)).astype(np.float32) for n in range(6)}
    targets = {video: rng.integers(3, size=40) for video in sequences}
    persons = {video: video for video in sequences}
    trees = settings("trees")
    honest = out_of_fold_logits(sequences, targets, persons, CLASSES, 0.4, trees, 0)
    model = train_snippet_classifier(sequences, targets, CLASSES, 0.4, trees, 0)
    hits = [np.mean(honest[v].argmax(axis=1) == targets[v]) for v in sequences]
    flattered = [np.mean(model.logits(sequences[v]).argmax(axis=1) == targets[v]) for v in sequences]
    assert np.mean(hits) < 0.5 < np.mean(flattered)
