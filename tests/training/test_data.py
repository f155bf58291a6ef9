"""Batches of features and labels."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from bsnpp.core.errors import UserError
from bsnpp.core.grid import ProposalGrid
from bsnpp.models.labels import boundary_labels, confidence_labels
from bsnpp.stores.features import FeatureStore, write_features
from bsnpp.stores.tables import write_table
from bsnpp.training.data import TrainingData
from tests.models.small import BMN
from tests.training.conftest import MakeData, paper_labels


def test_batches_hold_every_video_once_with_its_own_features_and_labels(make_data: MakeData) -> None:
    data = make_data()
    batches = list(data.batches(4, "cpu", torch.Generator().manual_seed(1)))
    assert [len(batch.videos) for batch in batches] == [4, 2]
    assert sorted(video for batch in batches for video in batch.videos) == data.store.videos
    for batch in batches:
        assert batch.labels.keys() == {"boundary", "iou"}
        for row, video in enumerate(batch.videos):
            index = data.store.videos.index(video)
            assert torch.equal(batch.features[row], torch.from_numpy(data.store.read([index])[0]))
            for name, labels in batch.labels.items():
                assert torch.equal(labels[row], torch.from_numpy(data.labels[name][index]))


def test_labels_are_those_of_each_video(make_data: MakeData) -> None:
    data = make_data()
    for index in range(len(data)):
        active = np.flatnonzero(data.store.read([index])[0, 0] > 0.5)
        segment = np.array([[active[0], active[-1] + 1]]) / 8
        np.testing.assert_allclose(data.labels["boundary"][index], boundary_labels(segment, 8, "paper"))
        np.testing.assert_allclose(data.labels["iou"][index], confidence_labels(segment, data.grid))


def test_files_are_read_with_the_proposals_and_labels_of_the_generator(tmp_path: Path) -> None:
    features, videos, instances = (str(tmp_path / name) for name in ("f.h5", "v.tsv", "i.tsv"))
    write_features(features, "toy", 8, 2, [(name, np.zeros((2, 8), np.float32)) for name in "ab"], "ab")
    write_table(videos, pd.DataFrame({"video": ["a", "b"], "extent": [10.0, 20.0]}))
    write_table(instances, pd.DataFrame({"video": ["b"], "start": [4.0], "end": [12.0], "label": ["x"]}))
    short = BMN.model_copy(update={"max_duration": 0.5})
    data = TrainingData.load(features, videos, instances, short, "bmn")
    assert data.grid == ProposalGrid(8, 4)
    segment = np.array([[0.2, 0.6]])
    np.testing.assert_allclose(data.labels["boundary"][1], boundary_labels(segment, 8, "bmn"))
    np.testing.assert_allclose(data.labels["iou"][1], confidence_labels(segment, data.grid))
    assert not data.labels["boundary"][0].any() and not data.labels["iou"][0].any()


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
    data = TrainingData(FeatureStore(tmp_path / "f.h5"), ProposalGrid(4), {}, paper_labels)
    assert not data.labels["boundary"].any() and not data.labels["iou"].any()


def test_a_subset_without_videos_is_refused(tmp_path: Path) -> None:
    write_features(tmp_path / "f.h5", "toy", 4, 2, [], [])
    with pytest.raises(UserError, match=r"f\.h5: holds no video"):
        TrainingData(FeatureStore(tmp_path / "f.h5"), ProposalGrid(4), {}, paper_labels)


@pytest.mark.parametrize(
    ("count", "size", "sizes"), [(5, 4, [5]), (6, 4, [4, 2]), (1, 4, [1]), (3, 1, [1, 1, 1])]
)
def test_a_single_video_left_over_joins_the_batch_before(
    make_data: MakeData, count: int, size: int, sizes: list[int]
) -> None:
    assert [len(batch.videos) for batch in make_data(count=count).batches(size, "cpu")] == sizes
