"""The recogniser of proposals: training, recognition and refinement."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.pipeline import Pipeline

from bsnpp.core.errors import UserError
from bsnpp.recogniser import recogniser as recognition
from bsnpp.recogniser.recogniser import Recogniser, train_recogniser
from bsnpp.recogniser.recordings import Instances
from bsnpp.recogniser.segments import best_overlap, dense_segments
from bsnpp.snippets.estimator_settings import EstimatorSettings
from tests.recogniser.recordings import SECONDS, SETTINGS, world


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return train_recogniser(*world(0, 12), ["run", "walk"], SECONDS, SETTINGS, 0)


def test_unseen_instances_are_recognised(recogniser: Recogniser) -> None:
    for video, recording in world(1, 4)[0].items():
        truth = world(1, 4)[1][video]
        recognised = recogniser.score(recording, dense_segments(60.0, SETTINGS.dense))
        assert len(recognised.rows) == 200
        for segment, label in zip(truth.segments, truth.labels, strict=True):
            score = recognised.probability[:, label] * recognised.tiou
            tiou, _ = best_overlap(recognised.segments[[score.argmax()]], segment[None])
            assert tiou[0] > 0.7


def test_refinement_brings_edges_nearer(recogniser: Recogniser) -> None:
    recordings, truth = world(2, 6)
    before, after = [], []
    for video, recording in recordings.items():
        shifted = truth[video].segments + np.array([[1.0, 1.5]])
        recognised = recogniser.score(recording, shifted)
        before.append(best_overlap(shifted, truth[video].segments)[0])
        after.append(best_overlap(recognised.segments, truth[video].segments)[0])
    assert np.mean(after) > np.mean(before) + 0.05


def test_results_are_in_range_and_exclude_the_background(recogniser: Recogniser) -> None:
    recording = world(3, 1)[0]["r0"]
    recognised = recogniser.score(recording, dense_segments(60.0, SETTINGS.dense))
    assert recognised.probability.shape[1] == 2
    assert (recognised.probability >= 0).all()
    assert (recognised.probability.sum(axis=1) <= 1 + 1e-9).all()
    assert ((recognised.tiou >= 0) & (recognised.tiou <= 1)).all()
    assert (np.diff(recognised.rows) > 0).all()
    assert ((recognised.segments >= 0) & (recognised.segments <= 60.0)).all()
    assert (recognised.segments[:, 1] > recognised.segments[:, 0]).all()
    empty = recogniser.score(recording, np.empty((0, 2)))
    assert [len(part) for part in (empty.rows, empty.segments, empty.probability, empty.tiou)] == [0] * 4


def test_the_best_segments_are_kept(recogniser: Recogniser) -> None:
    recording = world(3, 1)[0]["r0"]
    segments = dense_segments(60.0, SETTINGS.dense)
    some = replace(recogniser, settings=SETTINGS.model_copy(update={"refined": 5}))
    everything = replace(recogniser, settings=SETTINGS.model_copy(update={"refined": len(segments)}))
    few, every = some.score(recording, segments), everything.score(recording, segments)
    assert len(few.rows) == 5
    assert len(every.rows) == len(segments)
    # The result of a segment does not depend on the other segments.
    np.testing.assert_allclose(every.probability[few.rows], few.probability, atol=1e-6)
    np.testing.assert_allclose(every.segments[few.rows], few.segments, atol=1e-6)


def test_training_is_deterministic_and_depends_on_the_seed(recogniser: Recogniser) -> None:
    segments = world(3, 1)[1]["r0"].segments
    recording = world(3, 1)[0]["r0"]
    first, again, other = (
        model.score(recording, segments).tiou
        for model in (
            recogniser,
            train_recogniser(*world(0, 12), ["run", "walk"], SECONDS, SETTINGS, 0),
            train_recogniser(*world(0, 12), ["run", "walk"], SECONDS, SETTINGS, 1),
        )
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_segments_between_positive_and_negative_do_not_train_the_classifiers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fitted = []
    original = recognition.fit

    def remember(estimator: Pipeline, features: np.ndarray, targets: np.ndarray) -> Pipeline:
        fitted.append((features, targets))
        return original(estimator, features, targets)

    monkeypatch.setattr(recognition, "fit", remember)
    few = SETTINGS.model_copy(update={"estimator": EstimatorSettings(trees=2, epochs=1)})
    train_recogniser(*world(0, 2), ["run", "walk"], SECONDS, few, 0)
    classes, tiou, starts, ends = (fitted[place][1] for place in (0, 3, 5, 6))
    assert len(classes) == np.count_nonzero((tiou > 0.5) | (tiou < 0.35)) < len(tiou)
    assert np.count_nonzero(classes == 0) == np.count_nonzero(tiou < 0.35)
    assert len(starts) == len(ends) == np.count_nonzero(tiou > 0.35)
    assert max(np.abs(starts).max(), np.abs(ends).max()) <= few.largest_offset


def test_refinement_can_be_switched_off(recogniser: Recogniser) -> None:
    recording, segments = world(3, 1)[0]["r0"], np.array([[1.0, 9.0], [20.0, 30.0]])
    plain = replace(recogniser, settings=SETTINGS.model_copy(update={"refine": False}))
    recognised = plain.score(recording, segments)
    np.testing.assert_array_equal(recognised.segments, segments)
    np.testing.assert_array_equal(recognised.tiou, recogniser.recognise(recording, segments).tiou)
    moved = recogniser.score(recording, segments)
    again = recogniser.recognise(recording, moved.segments)
    np.testing.assert_allclose(moved.tiou, np.sqrt(recognised.tiou * again.tiou))
    np.testing.assert_allclose(moved.probability, np.sqrt(recognised.probability * again.probability))


def test_training_needs_an_instance() -> None:
    recordings, _ = world(0, 2)
    nothing = {"r0": Instances(np.empty((0, 2)), np.empty(0, dtype=np.int64))}
    with pytest.raises(UserError, match="at least one instance"):
        train_recogniser(recordings, nothing, ["run", "walk"], SECONDS, SETTINGS, 0)


def test_an_instance_that_fills_every_recording_gives_a_constant_class() -> None:
    recordings, _ = world(0, 2)
    truth = {name: Instances(np.array([[0.0, 60.0]]), np.array([1])) for name in recordings}
    settings = SETTINGS.model_copy(update={"negative": 0.01, "positive": 0.02, "windows": 0})
    with pytest.warns(UserWarning, match="all training segments of the recogniser have one class"):
        constant = train_recogniser(recordings, truth, ["run", "walk"], SECONDS, settings, 0)
    result = constant.recognise(recordings["r0"], dense_segments(60.0, SETTINGS.dense))
    assert (result.probability.argmax(axis=1) == 1).all()
