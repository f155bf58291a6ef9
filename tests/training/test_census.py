"""The counts behind Fig. 1: those of the labels, and those of a draw."""

import pytest
import torch

from bsnpp.training.census import region_names, sampling_census
from bsnpp.training.resampling import scale_regions, two_stage_weights
from bsnpp.training.settings import ResamplingSettings, ThresholdSettings, TrainingSettings
from tests.training.conftest import MakeData


def test_the_first_stage_counts_the_labels_and_the_others_balance_them(make_data: MakeData) -> None:
    data = make_data(count=12)
    rows = sampling_census(data, TrainingSettings(batch_size=5))
    names = region_names((0.3, 0.7))
    first, second, third = ({(k, names.index(r)): n for _, k, r, n in rows[i : i + 6]} for i in (0, 6, 12))
    region = scale_regions(data.grid).numpy()
    for index in range(3):
        assert first["positive", index] == (data.iou[:, region == index] > 0.7).sum()
        assert first["negative", index] == (data.iou[:, region == index] < 0.3).sum()
    for stage in (second, third):
        positive, negative = (sum(stage[kind, r] for r in range(3)) for kind in ("positive", "negative"))
        assert positive == pytest.approx(negative, rel=1e-5)
        assert positive == pytest.approx(sum(first["positive", r] for r in range(3)), rel=1e-5)


def test_the_counts_are_the_mean_of_draws(make_data: MakeData) -> None:
    data, generator = make_data(count=12), torch.Generator().manual_seed(0)
    settings = TrainingSettings(batch_size=6)
    expected = [number for _, _, _, number in sampling_census(data, settings)[12:]]
    region, counts = scale_regions(data.grid), torch.zeros(2, 3)
    draws = 400
    for _ in range(draws):
        for index in data.parts(6):
            iou = torch.from_numpy(data.iou[index])
            weights = two_stage_weights(iou, region, ResamplingSettings(), generator)
            for kind, members in enumerate((iou > 0.7, iou < 0.3)):
                counts[kind].index_add_(0, region, (weights * members).sum(dim=0))
    found = (counts / draws).flatten().tolist()
    assert found == pytest.approx(expected, rel=0.1, abs=0.1 * max(expected))


def test_other_regions_and_thresholds_are_counted(make_data: MakeData) -> None:
    data, edges = make_data(count=12), (0.2, 0.5, 0.8)
    settings = TrainingSettings(
        batch_size=12,
        resampling=ResamplingSettings(regions=edges),
        thresholds=ThresholdSettings(positive=0.5, negative=0.1),
    )
    found = {(kind, region): number for stage, kind, region, number in sampling_census(data, settings)[:8]}
    length = (data.grid.duration_index + 1) / 8
    first = data.iou[:, length <= 0.2]
    assert found["positive", "up to 0.2"] == (first > 0.5).sum()
    assert found["negative", "up to 0.2"] == (first < 0.1).sum()
    assert sum(found.values()) == (data.iou > 0.5).sum() + (data.iou < 0.1).sum()
