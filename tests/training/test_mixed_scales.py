"""Training at several numbers of cells."""

from itertools import islice
from pathlib import Path

import pytest
import torch

from bsnpp.core.errors import UserError
from bsnpp.models.settings import ProposalSettings
from bsnpp.training.data import Batch, TrainingData
from bsnpp.training.mixed_scales import mixed_batches
from bsnpp.training.trainer import Trainer
from tests.models.small import BMN, each_generator
from tests.training.conftest import MakeData
from tests.training.runs import SEED, same_weights, schedule, without_timing


def batches(scales: list[TrainingData], size: int = 2, seed: int = 0, skip: int = 0) -> list[Batch]:
    return list(mixed_batches(scales, size, "cpu", torch.Generator().manual_seed(seed), skip))


def test_every_video_comes_once_with_the_features_and_labels_of_the_drawn_scale(make_data: MakeData) -> None:
    scales = [make_data(count=40), make_data(count=40, fine=2)]
    drawn = batches(scales)
    assert sorted(video for batch in drawn for video in batch.videos) == sorted(scales[0].store.videos)
    assert {batch.grid.scale for batch in drawn} == {8, 16}
    for batch in drawn:
        data = scales[batch.grid.scale // 16]
        index = [data.store.videos.index(video) for video in batch.videos]
        assert torch.equal(batch.features, torch.from_numpy(data.store.read(index)))
        for name, values in batch.labels.items():
            assert torch.equal(values, torch.from_numpy(data.labels[name][index]))


def test_a_batch_has_every_scale_with_the_same_probability(make_data: MakeData) -> None:
    scales = [make_data(count=40, fine=fine) for fine in (1, 2, 3)]
    cells = [batch.grid.scale for seed in range(30) for batch in batches(scales, seed=seed)]
    assert all(0.28 < cells.count(8 * fine) / len(cells) < 0.39 for fine in (1, 2, 3))


def test_one_scale_gives_the_batches_of_the_subset(make_data: MakeData) -> None:
    data = make_data(count=7)
    expected = data.batches(3, "cpu", torch.Generator().manual_seed(4))
    for one, other in zip(batches([data], 3, seed=4), expected, strict=True):
        assert one.videos == other.videos and torch.equal(one.features, other.features)


def test_the_first_batches_can_be_left_out(make_data: MakeData) -> None:
    scales = [make_data(count=12), make_data(count=12, fine=2)]
    for one, other in zip(batches(scales, skip=2), islice(batches(scales), 2, None), strict=True):
        assert one.videos == other.videos and torch.equal(one.features, other.features)


def test_all_scales_need_the_same_videos(make_data: MakeData) -> None:
    with pytest.raises(UserError, match=r"training.2.h5: not the videos of .*training.1.h5"):
        Trainer(BMN, schedule(1), SEED, make_data(), further=[make_data(count=5, fine=2)])


@each_generator
def test_a_killed_run_at_two_scales_ends_with_the_same_bits(
    kind: ProposalSettings, make_data: MakeData, tmp_path: Path
) -> None:
    settings = schedule(3, reversal=0.5)
    data, further = make_data(), [make_data(fine=2)]
    undisturbed = Trainer(kind, settings, SEED, data, further=further)
    expected = undisturbed.run(tmp_path / "undisturbed.pt", "digest")

    def kill(epoch: int, done: int) -> None:
        if epoch == 1 and done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Trainer(kind, settings, SEED, data, further=further).run(tmp_path / "c.pt", "digest", on_batch=kill)
    resumed = Trainer(kind, settings, SEED, data, further=further)
    assert without_timing(resumed.run(tmp_path / "c.pt", "digest")) == without_timing(expected)
    assert same_weights(resumed, undisturbed)
    plain = Trainer(kind, settings, SEED, data)
    plain.run(tmp_path / "plain.pt", "digest")
    assert not same_weights(plain, undisturbed)
