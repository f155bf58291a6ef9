"""The recogniser of proposals: features, training segments, recognition and refinement."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sklearn.pipeline import Pipeline

from bsnpp.core.errors import UserError
from bsnpp.recogniser import recogniser as recognition
from bsnpp.recogniser.features import edge_features, segment_features
from bsnpp.recogniser.recogniser import Recogniser, train_recogniser
from bsnpp.recogniser.recordings import Instances, Recording
from bsnpp.recogniser.samples import best_overlap, close_proposals, dense_segments, training_segments
from bsnpp.recogniser.settings import DenseSettings, RecognitionSettings
from bsnpp.recogniser.training_samples import sample_segments
from bsnpp.snippets.estimator_settings import EstimatorSettings
from bsnpp.snippets.segment_pooler import SegmentPooler
from tests.reference.snippet_scores import step_mean

SECONDS = 0.5
SETTINGS = RecognitionSettings(
    estimator=EstimatorSettings(trees=20),
    dense=DenseSettings(shortest=2.0, longest=12.0, ratio=1.5),
    edge_snippets=3,
    refined=200,
)


def world(seed: int, count: int) -> tuple[dict[str, Recording], dict[str, Instances]]:
    """Simulate recordings of 60 s: noise (120, 4), with one instance of either class in its channel."""
    rng = np.random.default_rng(seed)
    recordings, truth = {}, {}
    for number in range(count):
        sequence = 0.3 * rng.normal(size=(120, 4)).astype(np.float32)
        start = np.array([rng.integers(4, 40), rng.integers(64, 100)]) * SECONDS
        segments = np.column_stack([start, start + rng.integers(8, 20, 2) * SECONDS])
        segments = np.minimum(segments, 58.0)
        labels = rng.permutation(2)
        for (first, stop), label in zip((segments / SECONDS).astype(int), labels, strict=True):
            sequence[first:stop, label] += 2.0
        recordings[f"r{number}"] = Recording(sequence, 60.0)
        truth[f"r{number}"] = Instances(segments, labels)
    return recordings, truth


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return train_recogniser(*world(0, 12), ["run", "walk"], SECONDS, SETTINGS, 0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9))
def test_means_equal_plain_loops(seed: int, length: int) -> None:
    rng = np.random.default_rng(seed)
    sequence = rng.normal(size=(length, 3))
    borders = np.cumsum(rng.uniform(0.01, 2.0, (6, 4)), axis=1) - 2.0
    pooled = SegmentPooler(sequence, 0.4).means(borders)
    for row, means in zip(borders, pooled, strict=True):
        for place, mean in enumerate(means):
            expected = step_mean(sequence, row[place], row[place + 1], 0.4)
            np.testing.assert_allclose(mean, expected, atol=1e-5)


def test_features_are_means_before_inside_and_after() -> None:
    sequence = np.random.default_rng(0).normal(size=(40, 2))
    pooler = SegmentPooler(sequence, 0.5)
    (features,) = segment_features(pooler, np.array([[4.0, 12.0]]), 2.0)
    spans = [(2.0, 4.0), (4.0, 6.0), (6.0, 8.0), (8.0, 10.0), (10.0, 12.0), (12.0, 14.0)]
    expected = np.concatenate([step_mean(sequence, *span, 0.5) for span in spans])
    np.testing.assert_allclose(features, np.append(expected, np.log(8.0)), atol=1e-5)


def test_edge_features_are_the_segment_and_the_snippets_around_both_edges() -> None:
    sequence = np.random.default_rng(0).normal(size=(40, 2))
    pooler, segment = SegmentPooler(sequence, 0.5), np.array([[4.0, 12.0]])
    (features,) = edge_features(pooler, segment, 2.0, 2)
    (inside,) = segment_features(pooler, segment, 2.0)
    rows = [6, 7, 8, 9, 22, 23, 24, 25]
    np.testing.assert_allclose(features, np.append(inside, sequence[rows].ravel()), atol=1e-5)


def test_the_size_of_blocks_changes_no_feature(monkeypatch: pytest.MonkeyPatch) -> None:
    pooler = SegmentPooler(np.random.default_rng(0).normal(size=(40, 2)), 0.5)
    segments = dense_segments(20.0, DenseSettings())
    whole = segment_features(pooler, segments, 2.0)
    monkeypatch.setattr("bsnpp.snippets.segment_pooler.BLOCK", 7)
    np.testing.assert_array_equal(segment_features(pooler, segments, 2.0), whole)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.5, 300.0))
def test_a_dense_window_overlaps_every_segment(extent: float) -> None:
    options = DenseSettings()
    windows = dense_segments(extent, options)
    assert (windows[:, 0] >= 0).all()
    assert (windows[:, 1] <= extent).all()
    assert (windows[:, 1] > windows[:, 0]).all()
    rng = np.random.default_rng(0)
    lengths = np.exp(rng.uniform(np.log(4.0), np.log(45.0), 50))
    lengths = lengths[lengths <= extent]
    start = rng.uniform(0, extent - lengths)
    if len(start):
        tiou, _ = best_overlap(np.column_stack([start, start + lengths]), windows)
        # At most half a stride and half a ratio away, and a whole one at the end of the recording.
        assert tiou.min() > 0.7


def test_a_short_recording_is_one_window() -> None:
    assert dense_segments(1.0, DenseSettings()).tolist() == [[0.0, 1.0]]


def test_close_proposals_are_the_nearest_of_each_instance() -> None:
    instances = np.array([[0.0, 10.0], [20.0, 30.0]])
    near = np.array([[0.0, 9.0], [21.0, 30.0], [0.0, 8.0], [0.0, 7.0], [100.0, 110.0], [4.0, 8.0]])
    two = SETTINGS.model_copy(update={"generated": 2})
    close = close_proposals(near, instances, two)
    np.testing.assert_array_equal(close, near[[0, 2, 1]])  # 0.9 and 0.8, not 0.7; 0.9; not 0 and 0.4
    np.testing.assert_array_equal(close_proposals(near[::-1], instances, two), close)
    assert not len(close_proposals(near, instances, SETTINGS.model_copy(update={"generated": 0})))
    assert close_proposals(np.empty((0, 2)), instances, two).shape == (0, 2)


def training_features(recordings: dict[str, Recording], instances: dict[str, Instances]) -> np.ndarray:
    rng = np.random.default_rng(0)
    return sample_segments(recordings, instances, SECONDS, SETTINGS, rng).features


def test_only_proposals_near_instances_are_trained_on() -> None:
    recordings, instances = world(0, 2)
    near = {video: replace(each, generated=instances[video].segments) for video, each in recordings.items()}
    far = {video: replace(each, generated=np.array([[0.0, 60.0]])) for video, each in recordings.items()}
    plain = training_features(recordings, instances)
    assert len(training_features(near, instances)) == len(plain) + 2 * 2
    np.testing.assert_array_equal(training_features(far, instances), plain)


def test_training_segments_are_good_and_bad_and_inside_the_recording() -> None:
    instances = np.array([[0.0, 5.0], [50.0, 60.0]])
    segments = training_segments(60.0, instances, SETTINGS, np.random.default_rng(0))
    again = training_segments(60.0, instances, SETTINGS, np.random.default_rng(0))
    np.testing.assert_array_equal(segments, again)
    assert segments[:2].tolist() == instances.tolist()
    assert (segments[:, 0] >= 0).all()
    assert (segments[:, 1] <= 60.0).all()
    assert (segments[:, 1] > segments[:, 0]).all()
    tiou, nearest = best_overlap(segments, instances)
    assert (tiou[2:] > SETTINGS.positive).sum() >= 10
    assert (tiou < SETTINGS.negative).sum() >= 10
    assert set(nearest[tiou > 0.5]) == {0, 1}


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


def test_alternatives_are_all_combinations_the_plainest_first() -> None:
    options = RecognitionSettings.model_validate(
        {"tiou_power": 3.0, "candidates": {"encoders": [["a"], ["a", "b"]], "refine": [False, True]}}
    )
    alternatives = [(one.encoders, one.refine, one.tiou_power) for one in options.alternatives]
    assert alternatives == [
        (("a",), False, 3.0), (("a",), True, 3.0), (("a", "b"), False, 3.0), (("a", "b"), True, 3.0)
    ]  # fmt: skip
    assert RecognitionSettings().alternatives == [RecognitionSettings()]


def test_a_panel_weight_needs_a_panel() -> None:
    with pytest.raises(ValidationError, match="needs a `panel`"):
        RecognitionSettings.model_validate({"candidates": {"panel_weight": [0.0, 0.5]}})


def test_training_needs_an_instance() -> None:
    recordings, _ = world(0, 2)
    nothing = {"r0": Instances(np.empty((0, 2)), np.empty(0, dtype=np.int64))}
    with pytest.raises(UserError, match="at least one instance"):
        train_recogniser(recordings, nothing, ["run", "walk"], SECONDS, SETTINGS, 0)


def test_negative_must_not_be_above_positive() -> None:
    with pytest.raises(ValidationError, match="must not be above positive"):
        RecognitionSettings(negative=0.6, positive=0.5)
