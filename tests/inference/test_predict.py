"""Prediction: probabilities of each video, independent of its batch, from both directions of time."""

import numpy as np
import pytest
import torch

from bsnpp.core.grid import ProposalGrid
from bsnpp.inference.predict import predict_maps
from bsnpp.models.base import Generator
from bsnpp.models.build import build_generator
from bsnpp.models.directions import fuse_directions
from bsnpp.models.settings import ProposalSettings
from tests.models.small import BSNPP, each_generator


def model(kind: ProposalSettings) -> Generator:
    torch.manual_seed(0)
    return build_generator(8, kind)


def features(batch: int = 3, scale: int = 9) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((batch, 8, scale), dtype=np.float32)


@each_generator
@pytest.mark.parametrize("scale", [4, 9, 16])
def test_probabilities_of_every_cell(kind: ProposalSettings, scale: int) -> None:
    boundary, confidence = predict_maps(model(kind), features(scale=scale), "cpu", "float32")
    assert boundary.shape == (3, 2, scale) and confidence.shape == (3, 2, len(ProposalGrid(scale)))
    for values in (boundary, confidence):
        assert values.dtype == np.float32
        assert ((values >= 0) & (values <= 1)).all() and np.ptp(values) > 0


@each_generator
def test_a_video_does_not_depend_on_its_batch(kind: ProposalSettings) -> None:
    generator, inputs = model(kind), features()
    together = predict_maps(generator, inputs, "cpu", "float32")
    alone = [predict_maps(generator, inputs[row : row + 1], "cpu", "float32") for row in range(3)]
    for index in range(2):
        np.testing.assert_array_equal(together[index], np.concatenate([maps[index] for maps in alone]))


@each_generator
def test_prediction_changes_nothing_in_the_model(kind: ProposalSettings) -> None:
    generator = model(kind).train()
    before = {name: tensor.clone() for name, tensor in generator.state_dict().items()}
    first = predict_maps(generator, features(), "cpu", "float32")
    second = predict_maps(generator, features(), "cpu", "float32")
    assert all(map(np.array_equal, first, second))
    assert all(torch.equal(before[name], tensor) for name, tensor in generator.state_dict().items())


def test_both_directions_are_fused_if_configured() -> None:
    generator = model(BSNPP).eval()
    single = model(BSNPP.model_copy(update={"bidirectional": False})).eval()
    single.load_state_dict(generator.state_dict())
    inputs = features()
    forward, confidence = predict_maps(single, inputs, "cpu", "float32")
    backward, _ = predict_maps(single, inputs[..., ::-1].copy(), "cpu", "float32")
    fused, same = predict_maps(generator, inputs, "cpu", "float32")
    expected = fuse_directions(torch.from_numpy(forward), torch.from_numpy(backward))
    np.testing.assert_allclose(fused, expected, atol=1e-6)
    np.testing.assert_array_equal(same, confidence)
    assert np.abs(fused - forward).max() > 1e-4


@each_generator
def test_a_reversed_pass_makes_the_maps_symmetric_in_time(kind: ProposalSettings) -> None:
    generator, inputs = model(kind), features()
    boundary, confidence = predict_maps(generator, inputs, "cpu", "float32", reversal=True)
    reversed_inputs = inputs[..., ::-1].copy()
    mirrored = predict_maps(generator, reversed_inputs, "cpu", "float32", reversal=True)
    np.testing.assert_allclose(mirrored[0][:, ::-1, ::-1], boundary, atol=1e-6)
    np.testing.assert_allclose(mirrored[1][..., ProposalGrid(9).reversal], confidence, atol=1e-6)
    one, other = (predict_maps(generator, each, "cpu", "float32") for each in (inputs, reversed_inputs))
    np.testing.assert_allclose(confidence, (one[1] + other[1][..., ProposalGrid(9).reversal]) / 2, atol=1e-6)
    assert np.abs(one[1] - confidence).max() > 1e-4


def test_the_more_refined_head_and_the_mean_of_all_branches_are_used() -> None:
    generator = model(BSNPP.model_copy(update={"bidirectional": False})).eval()
    boundary, confidence = predict_maps(generator, features(), "cpu", "float32")
    with torch.no_grad():
        output = generator(torch.from_numpy(features()))
    np.testing.assert_allclose(boundary, output.boundary[-1].sigmoid(), atol=1e-6)
    mean = sum(branch.sigmoid() for branch in output.confidence) / 3
    np.testing.assert_allclose(confidence, mean, atol=1e-6)


@each_generator
def test_bfloat16_is_close_to_float32(kind: ProposalSettings) -> None:
    exact = predict_maps(model(kind), features(), "cpu", "float32")
    rounded = predict_maps(model(kind), features(), "cpu", "bfloat16")
    for values, expected in zip(rounded, exact, strict=True):
        assert values.dtype == np.float32
        assert 0 < np.abs(values - expected).max() < 0.02
