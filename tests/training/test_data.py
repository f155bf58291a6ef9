"""Batches of features and labels."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from bsnpp.core.errors import UserError
from bsnpp.stores.features import FeatureStore, write_features
from bsnpp.training.data import TrainingData, covered_by_video, shares_by_video, visible_by_video
from bsnpp.training.labels import IGNORED, boundary_labels, confidence_labels
from tests.training.conftest import MakeData


def test_instances_become_clamped_shares_of_their_video_s_extent() -> None:
    videos = pd.DataFrame({"video": ["b", "a", "c"], "duration": [99.0] * 3, "extent": [20.0, 10.0, 5.0]})
    instances = pd.DataFrame(
        {"video": ["a", "b", "a"], "start": [1.0, 5.0, -1.0], "end": [4.0, 25.0, 5.0], "label": ["x"] * 3}
    )
    found = shares_by_video(videos, instances)
    assert found.keys() == {"a", "b"}
    np.testing.assert_allclose(found["a"], [[0.1, 0.4], [0.0, 0.5]])
    np.testing.assert_allclose(found["b"], [[0.25, 1.0]])


def test_edges_are_visible_unless_a_table_of_windows_says_otherwise() -> None:
    instances = pd.DataFrame({"video": ["b", "a", "b"], "start": [0.0, 1.0, 2.0], "end": [1.0, 2.0, 3.0]})
    assert {video: flags.tolist() for video, flags in visible_by_video(instances).items()} == {
        "a": [[True, True]],
        "b": [[True, True], [True, True]],
    }
    cut = instances.assign(start_visible=[0.0, 1.0, 1.0], end_visible=[1, 0, 1])
    assert {video: flags.tolist() for video, flags in visible_by_video(cut).items()} == {
        "a": [[True, False]],
        "b": [[False, True], [True, True]],
    }
    assert visible_by_video(instances[:0]) == {}


def test_the_edge_where_a_window_cuts_an_instance_has_no_label(tmp_path: Path) -> None:
    features = [(video, np.zeros((2, 8), np.float32)) for video in "ab"]
    write_features(tmp_path / "f.h5", "toy", 8, 2, features, ["a", "b"])
    segments = {video: np.array([[0.0, 0.5]]) for video in "ab"}
    data = TrainingData(FeatureStore(tmp_path / "f.h5"), segments, "paper", {"a": np.array([[False, True]])})
    assert not data.boundary[0, 0].any() and data.boundary[0, 1].max() == 1
    assert (data.boundary[1].max(axis=1) == 1).all()
    np.testing.assert_array_equal(data.iou[0], data.iou[1])


def test_padding_behind_a_short_recording_is_ignored(tmp_path: Path) -> None:
    features = [(video, np.zeros((2, 8), np.float32)) for video in "ab"]
    write_features(tmp_path / "f.h5", "toy", 8, 2, features, ["a", "b"])
    videos = pd.DataFrame({"video": ["a", "b"], "extent": [4.0, 4.0], "covered": [2.3, 4.0]})
    segments = {video: np.array([[0.0, 0.55]]) for video in "ab"}
    store = FeatureStore(tmp_path / "f.h5")
    data = TrainingData(store, segments, "paper", covered=covered_by_video(videos))
    whole = TrainingData(store, segments, "paper")
    cells = 5  # of half a second: the fifth begins before the end
    inside = data.grid.end_cell < cells
    assert (data.boundary[0, :, cells:] == IGNORED).all() and (data.iou[0, ~inside] == IGNORED).all()
    np.testing.assert_array_equal(data.boundary[0, :, :cells], whole.boundary[0, :, :cells])
    np.testing.assert_array_equal(data.iou[0, inside], whole.iou[0, inside])
    np.testing.assert_array_equal(data.boundary[1], whole.boundary[1])
    np.testing.assert_array_equal(data.iou[1], whole.iou[1])


def test_only_windows_with_padding_are_short() -> None:
    videos = pd.DataFrame({"video": ["a", "b"], "extent": [4.0, 4.0]})
    assert covered_by_video(videos) == {}
    assert covered_by_video(videos.assign(covered=[4.0, 1.0])) == {"b": 0.25}


def test_batches_hold_every_video_once_with_its_own_features_and_labels(make_data: MakeData) -> None:
    data = make_data()
    batches = list(data.batches(4, "cpu", torch.Generator().manual_seed(1)))
    assert [len(batch.videos) for batch in batches] == [4, 2]
    assert sorted(video for batch in batches for video in batch.videos) == data.store.videos
    for batch in batches:
        for row, video in enumerate(batch.videos):
            index = data.store.videos.index(video)
            assert torch.equal(batch.features[row], torch.from_numpy(data.store.read([index])[0]))
            assert torch.equal(batch.boundary[row], torch.from_numpy(data.boundary[index]))
            assert torch.equal(batch.iou[row], torch.from_numpy(data.iou[index]))


def test_labels_are_those_of_each_video(make_data: MakeData) -> None:
    data = make_data()
    for index in range(len(data)):
        active = np.flatnonzero(data.store.read([index])[0, 0] > 0.5)
        segment = np.array([[active[0], active[-1] + 1]]) / 8
        np.testing.assert_allclose(data.boundary[index], boundary_labels(segment, 8))
        np.testing.assert_allclose(data.iou[index], confidence_labels(segment, data.grid))


def test_order_without_a_generator_and_shuffled_by_one(make_data: MakeData) -> None:
    data = make_data()

    def order(generator: torch.Generator | None) -> list[str]:
        return [video for batch in data.batches(1, "cpu", generator) for video in batch.videos]

    assert order(None) == data.store.videos
    shuffled = [order(torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)]
    assert shuffled[0] == shuffled[1] != shuffled[2]
    assert shuffled[0] != data.store.videos


def test_a_video_without_instances_has_no_positive_label(tmp_path: Path) -> None:
    write_features(tmp_path / "f.h5", "toy", 4, 2, [("a", np.zeros((2, 4), np.float32))], ["a"])
    data = TrainingData(FeatureStore(tmp_path / "f.h5"), {}, "paper")
    assert not data.boundary.any() and not data.iou.any()


def test_a_subset_without_videos_is_told(tmp_path: Path) -> None:
    write_features(tmp_path / "f.h5", "toy", 4, 2, [], [])
    with pytest.raises(UserError, match=r"f\.h5: holds no video"):
        TrainingData(FeatureStore(tmp_path / "f.h5"), {}, "paper")


@pytest.mark.parametrize(
    ("count", "size", "sizes"), [(5, 4, [5]), (6, 4, [4, 2]), (1, 4, [1]), (3, 1, [1, 1, 1])]
)
def test_a_single_left_over_video_joins_the_batch_before(
    make_data: MakeData, count: int, size: int, sizes: list[int]
) -> None:
    assert [len(batch.videos) for batch in make_data(count=count).batches(size, "cpu")] == sizes
