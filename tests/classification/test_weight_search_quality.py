"""Quality of the weights of a panel: gains on other videos, and negative controls."""

import numpy as np
import pytest

from bsnpp.classification.logits import probabilities_to_logits
from bsnpp.classification.panels import fuse_scores
from bsnpp.classification.weight_search import search_weights
from bsnpp.classification.weight_search_settings import WeightSearchSettings
from bsnpp.datasets.simulation.classifiers import classify
from bsnpp.datasets.simulation.settings import SimulationSettings
from bsnpp.datasets.simulation.videos import draw_videos
from bsnpp.stores.class_scores import ClassScores
from tests.classification.random_panel import panel


@pytest.fixture(scope="module")
def simulated() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Calibrated logits (4, N, K) and targets of the simulated classifiers, on 120 and on 3,000 videos."""
    chosen = SimulationSettings(validation=120, testing=3000)
    subsets = {}
    for subset in ("validation", "testing"):
        videos = draw_videos(chosen, 0, subset)
        targets = np.zeros((len(videos), chosen.classes), dtype=bool)
        for row, video in enumerate(videos):
            targets[row, [label for _, _, label in video.annotations]] = True
        rows = [classify(chosen, 0, classifier, videos) for classifier in chosen.classifiers]
        logits = [
            probabilities_to_logits(row) if classifier.kind == "probabilities" else row
            for classifier, row in zip(chosen.classifiers, rows, strict=True)
        ]
        subsets[subset] = (np.array(logits), targets)
    return subsets


@pytest.mark.parametrize("unequal", [False, True])
def test_weights_from_shuffled_labels_gain_nothing_on_test(
    simulated: dict[str, tuple[np.ndarray, np.ndarray]], unequal: bool
) -> None:
    """Negative control: weights from shuffled labels gain nothing over equal weights, beyond noise.

    With unequal members (the first, and copies of it with noise of 6, 9 and 12) the true labels are very
    informative, so the test distinguishes a search that learns from one that leaks.
    """
    (logits, targets), (test_logits, test_targets) = simulated["validation"], simulated["testing"]
    rng = np.random.default_rng(0)
    if unequal:
        spoil = np.array([0, 6, 9, 12])[:, None, None]
        logits = logits[:1] + spoil * rng.normal(size=logits.shape)
        test_logits = test_logits[:1] + spoil * rng.normal(size=test_logits.shape)
    chosen = WeightSearchSettings(step=0.1, temperature_scaling=False)

    def test_accuracy(weights: np.ndarray) -> float:
        fused = np.einsum("i,ivk->vk", weights, test_logits)
        return float(test_targets[np.arange(len(fused)), fused.argmax(axis=1)].mean())

    equal = test_accuracy(np.full(4, 0.25))
    true_gain = test_accuracy(search_weights(logits, targets, chosen).weights) - equal
    shuffled = [search_weights(logits, rng.permutation(targets), chosen).weights for _ in range(12)]
    gains = [test_accuracy(weights) - equal for weights in shuffled]
    noise = np.std(gains, ddof=1) / np.sqrt(len(gains))
    assert np.mean(gains) < 2 * noise
    assert true_gain > np.mean(gains) + 3 * noise
    assert true_gain > (0.1 if unequal else -0.02)


def test_a_panel_is_better_than_its_best_member_on_test(
    simulated: dict[str, tuple[np.ndarray, np.ndarray]],
) -> None:
    (logits, targets), (test_logits, test_targets) = simulated["validation"], simulated["testing"]
    search = search_weights(logits, targets, WeightSearchSettings())
    rows = np.arange(len(test_targets))
    singles = [test_targets[rows, member.argmax(axis=1)].mean() for member in test_logits]
    fused = np.einsum("i,ivk->vk", search.weights / search.temperatures, test_logits)
    assert test_targets[rows, fused.argmax(axis=1)].mean() > max(singles) + 0.01
    np.testing.assert_allclose(search.temperatures, [1.0, 3.0, 0.5, 2.0], rtol=0.5)


def test_a_useless_member_gets_almost_no_weight() -> None:
    logits, targets = panel(7, members=2, videos=400)
    useless = np.random.default_rng(0).normal(size=logits[:1].shape)
    search = search_weights(np.concatenate([logits, useless]), targets, WeightSearchSettings())
    # The fused logits depend on weight / temperature.
    shares = search.weights / search.temperatures
    assert shares[2] < 0.05 * shares.sum() < shares[1]


@pytest.mark.parametrize("largest_grid", [50_000, 10])
def test_copies_of_one_classifier_change_nothing(largest_grid: int) -> None:
    """Negative control: whatever the weights of the copies, the panel has the probabilities of the member."""
    logits, targets = panel(6, members=1)
    names, classes = [f"video{i}" for i in range(40)], [f"class{i}" for i in range(8)]
    fused = []
    for copies in (1, 4):
        chosen = WeightSearchSettings(largest_grid=largest_grid)
        search = search_weights(np.repeat(logits, copies, axis=0), targets, chosen)
        members = [ClassScores(names, classes, logits[0])] * copies
        fused.append(fuse_scores(members, search.weights, search.temperatures))
    np.testing.assert_allclose(fused[1], fused[0], rtol=0, atol=1e-12)


def test_the_ascent_improves_on_its_starts_and_is_close_to_the_grid() -> None:
    for seed in range(5):
        logits, targets = panel(seed, members=4, videos=200)
        grid = search_weights(logits, targets, WeightSearchSettings(step=0.1))
        ascent = search_weights(logits, targets, WeightSearchSettings(step=0.1, largest_grid=1))
        singles = [search_weights(member[None], targets, WeightSearchSettings()).score for member in logits]
        assert len(ascent.grid) < len(grid.grid)
        assert ascent.scores.max() >= max(singles)
        assert ascent.scores.max() >= grid.scores.max() - 0.02
        np.testing.assert_allclose(ascent.grid.sum(axis=1), 1.0, atol=1e-12)
