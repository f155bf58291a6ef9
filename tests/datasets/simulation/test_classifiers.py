"""Accuracy, common errors and calibration of the simulated classifiers."""

import numpy as np
import pytest

from bsnpp.classification.calibration import fit_temperature
from bsnpp.classification.logits import probabilities_to_logits
from bsnpp.datasets.simulation.classifiers import classify
from bsnpp.datasets.simulation.settings import SimulationSettings
from bsnpp.datasets.simulation.videos import Video, draw_videos


def true_classes(settings: SimulationSettings, videos: list[Video]) -> np.ndarray:
    targets = np.zeros((len(videos), settings.classes), dtype=bool)
    for row, video in enumerate(videos):
        targets[row, [label for _, _, label in video.annotations]] = True
    return targets


def right(settings: SimulationSettings, seed: int, videos: list[Video]) -> np.ndarray:
    """Return whether the best class is a true one: bool (classifiers, N)."""
    targets = true_classes(settings, videos)
    rows = [classify(settings, seed, classifier, videos) for classifier in settings.classifiers]
    return np.array([targets[np.arange(len(videos)), row.argmax(axis=1)] for row in rows])


@pytest.mark.parametrize("seed", range(5))
def test_top_1_on_the_demos_validation_videos_is_60_to_75_percent(seed: int) -> None:
    chosen = SimulationSettings()
    videos = [video for subset in ("validation", "testing") for video in draw_videos(chosen, seed, subset)]
    correct = right(chosen, seed, videos)
    stated = [classifier.accuracy for classifier in chosen.classifiers]
    np.testing.assert_allclose(correct.mean(axis=1), stated, atol=1 / len(videos))
    assert correct[:, :120].mean(axis=1).min() >= 0.60
    assert correct[:, :120].mean(axis=1).max() <= 0.75


def test_errors_are_partly_shared() -> None:
    """Independent errors would have a correlation of 0, equal errors one of 1."""
    chosen = SimulationSettings(validation=2000)
    correlation = np.corrcoef(right(chosen, 0, draw_videos(chosen, 0, "validation")).astype(float))
    pairs = correlation[np.triu_indices(4, 1)]
    assert 0.1 < pairs.min() <= pairs.max() < 0.6


def test_each_classifier_has_its_stated_temperature() -> None:
    chosen = SimulationSettings(validation=2000)
    videos = draw_videos(chosen, 0, "validation")
    for classifier in chosen.classifiers:
        rows = classify(chosen, 0, classifier, videos)
        logits = probabilities_to_logits(rows) if classifier.kind == "probabilities" else rows
        temperature = fit_temperature(logits, true_classes(chosen, videos))
        assert temperature == pytest.approx(classifier.temperature, rel=0.15)
