"""Classifiers of videos that are trained here."""

import warnings

import numpy as np
import pytest

from bsnpp.classification.logits import with_unseen_classes
from bsnpp.classification.video_classifier import pool_features, predict_logits, train_classifier
from bsnpp.classification.video_classifier_settings import ClassifierSettings
from bsnpp.core.errors import UserError

CLASSES = ["Archery", "Bowling", "Curling", "Diving"]


def sequences(seed: int, videos: int, classes: int) -> tuple[np.ndarray, list[str]]:
    """Return noise (N, 6, 20) with a raised fifth in the channel of the class, and the labels."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(videos, 6, 20)).astype(np.float32)
    labels = np.arange(videos) % classes
    for row, label in enumerate(labels):
        start = rng.integers(16)
        features[row, label, start : start + 4] += 2.0
    return features, [CLASSES[label] for label in labels]


@pytest.mark.parametrize("classes", [2, 4])
def test_new_videos_are_classified(classes: int) -> None:
    features, labels = sequences(0, 120, classes)
    others, truth = sequences(1, 80, classes)
    names = CLASSES[:classes]
    logits = predict_logits(train_classifier(features, labels, names, ClassifierSettings()), others)
    assert logits.shape == (80, classes)
    assert logits.dtype == np.float64
    predicted = [names[index] for index in logits.argmax(axis=1)]
    assert np.mean([a == b for a, b in zip(predicted, truth, strict=True)]) > 0.75
    np.testing.assert_allclose(np.exp(logits).sum(axis=1), 1.0)


def test_training_is_deterministic_and_ignores_the_order_of_classes() -> None:
    features, labels = sequences(0, 60, 4)
    first = predict_logits(train_classifier(features, labels, CLASSES, ClassifierSettings()), features)
    again = predict_logits(train_classifier(features, labels, CLASSES, ClassifierSettings()), features)
    np.testing.assert_array_equal(first, again)
    reversed_logits = predict_logits(
        train_classifier(features, labels, CLASSES[::-1], ClassifierSettings()), features
    )
    np.testing.assert_allclose(reversed_logits[:, ::-1], first, atol=1e-2)


def test_stronger_regularisation_is_smoother() -> None:
    features, labels = sequences(0, 60, 4)
    spread = [
        np.ptp(
            predict_logits(
                train_classifier(features, labels, CLASSES, ClassifierSettings(regularisation=c)), features
            )
        )
        for c in (0.001, 1.0)
    ]
    assert spread[0] < 0.5 * spread[1]


def test_a_class_without_training_videos_gives_a_warning_and_is_never_predicted() -> None:
    features, labels = sequences(0, 60, 3)
    names = ["Aardvark", *CLASSES]
    with pytest.warns(UserWarning, match="Aardvark, Diving"):
        trained = train_classifier(features, labels, names, ClassifierSettings())
    logits = predict_logits(trained, features)
    assert np.isfinite(logits).all()
    assert (logits[:, [0, 4]] <= logits[:, 1:4].max(axis=1, keepdims=True) + np.log(1e-8)).all()
    assert (logits[:, [0, 4]] <= logits[:, 1:4].min(axis=1, keepdims=True)).all()


def test_no_warning_when_all_classes_are_known() -> None:
    features, labels = sequences(0, 60, 4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train_classifier(features, labels, CLASSES, ClassifierSettings())


def test_pooling_is_mean_then_maximum() -> None:
    features = np.array([[[1.0, 2.0, 6.0], [0.0, -1.0, -5.0]]], dtype=np.float32)
    np.testing.assert_array_equal(pool_features(features), [[3.0, -2.0, 6.0, 0.0]])
    with pytest.raises(ValueError, match=r"\(N, C, T\)"):
        pool_features(features[0])


@pytest.mark.parametrize("classes", [["Archery"], ["Archery", "Bowling", "Curling"]])
def test_a_single_class_is_always_predicted(classes: list[str]) -> None:
    features, _ = sequences(0, 8, 4)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        classifier = train_classifier(features, ["Archery"] * len(features), classes, ClassifierSettings())
    assert any("all training videos have the class Archery" in str(each.message) for each in caught)
    logits = predict_logits(classifier, features)
    expected = with_unseen_classes(np.zeros((len(features), 1)), [0], len(classes))
    np.testing.assert_array_equal(logits, expected)


def test_unusable_training_data_is_refused() -> None:
    features, labels = sequences(0, 8, 4)
    with pytest.raises(UserError, match="training videos with annotations"):
        train_classifier(features[:0], [], CLASSES, ClassifierSettings())
    with pytest.raises(ValueError, match="8 features for 7 labels"):
        train_classifier(features, labels[:7], CLASSES, ClassifierSettings())
    with pytest.raises(ValueError, match="Diving"):
        train_classifier(features, labels, CLASSES[:3], ClassifierSettings())
    features[3, 0, 0] = np.nan
    with pytest.raises(UserError, match=r"rows \[3\]"):
        train_classifier(features, labels, CLASSES, ClassifierSettings())
