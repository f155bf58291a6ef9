"""The counts behind Fig. 1: those of the labels, and those of random draws."""

import pytest
import torch

from bsnpp.models.loss_settings import ResamplingSettings, ThresholdSettings
from bsnpp.models.proposal_sampling import length_bins, two_stage_weights
from bsnpp.training.census import bin_names, sampling_census
from bsnpp.training.settings import TrainingSettings
from tests.training.conftest import MakeData

EDGES = (0.3, 0.7)


def test_the_first_stage_counts_the_labels_and_the_others_balance_them(make_data: MakeData) -> None:
    data = make_data(count=12)
    iou = data.labels["iou"]
    table = sampling_census(data, TrainingSettings(batch_size=5))
    assert table.columns.tolist() == ["stage", "kind", "length", "proposals"]
    rows, names = list(table.itertuples(index=False)), bin_names(EDGES)
    first, second, third = ({(k, names.index(b)): n for _, k, b, n in rows[i : i + 6]} for i in (0, 6, 12))
    bins = length_bins(data.grid, EDGES).numpy()
    for index in range(3):
        assert first["positive", index] == (iou[:, bins == index] > 0.7).sum()
        assert first["negative", index] == (iou[:, bins == index] < 0.3).sum()
    for stage in (second, third):
        positive, negative = (sum(stage[kind, b] for b in range(3)) for kind in ("positive", "negative"))
        assert positive == pytest.approx(negative, rel=1e-5)
        assert positive == pytest.approx(sum(first["positive", b] for b in range(3)), rel=1e-5)


def test_the_counts_are_the_mean_of_draws(make_data: MakeData) -> None:
    data, generator = make_data(count=12), torch.Generator().manual_seed(0)
    settings = TrainingSettings(batch_size=6)
    expected = sampling_census(data, settings)["proposals"][12:].tolist()
    bins, counts = length_bins(data.grid, EDGES), torch.zeros(2, 3)
    draws = 400
    for _ in range(draws):
        for index in data.parts(6):
            iou = torch.from_numpy(data.labels["iou"][index])
            weights = two_stage_weights(iou, bins, ResamplingSettings(), generator, ThresholdSettings())
            for kind, members in enumerate((iou > 0.7, iou < 0.3)):
                counts[kind].index_add_(0, bins, (weights * members).sum(dim=0))
    mean = (counts / draws).flatten().tolist()
    assert mean == pytest.approx(expected, rel=0.1, abs=0.1 * max(expected))


def test_other_length_bins_and_thresholds_are_counted(make_data: MakeData) -> None:
    data = make_data(count=12)
    iou = data.labels["iou"]
    settings = TrainingSettings(
        batch_size=12,
        resampling=ResamplingSettings(regions=(0.2, 0.5, 0.8)),
        thresholds=ThresholdSettings(positive=0.5, negative=0.1),
    )
    first_stage = sampling_census(data, settings)[:8]
    counts = first_stage.set_index(["kind", "length"])["proposals"].to_dict()
    length = (data.grid.duration_index + 1) / 8
    first = iou[:, length <= 0.2]
    assert counts["positive", "up to 0.2"] == (first > 0.5).sum()
    assert counts["negative", "up to 0.2"] == (first < 0.1).sum()
    assert sum(counts.values()) == (iou > 0.5).sum() + (iou < 0.1).sum()
