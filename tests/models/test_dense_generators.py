"""Whole generators: outputs and all gradients equal those of the dense forms in the benchmarks.

test_textbook_generators compares with sums over taps.
"""

import pytest
import torch

from bsnpp.models.build import build_generator
from bsnpp.models.settings import BMNSettings, BSNPPSettings, MatchingSettings, ProposalSettings
from tests.reference.boundary_matching import sampling_mask
from tests.reference.dense_generators import generator_output

MATCHING = MatchingSettings(bins=4, input_channels=6, filters=7)
BSNPP = BSNPPSettings(base_channels=8, boundary_channels=5, matching=MATCHING, relation_channels=3)
BMN = BMNSettings(base_channels=8, matching=MATCHING, confidence_channels=5)


@pytest.mark.parametrize("scale", [4, 9])
@pytest.mark.parametrize("settings", [BSNPP, BMN], ids=["bsnpp", "bmn"])
def test_equals_the_dense_textbook_in_outputs_and_gradients(settings: ProposalSettings, scale: int) -> None:
    model = build_generator(8, settings).double()
    for name, parameter in model.named_parameters():
        if name.endswith(".gain"):  # with a gain of 0, the attentions would have no effect
            torch.nn.init.constant_(parameter, 0.5)
    features = torch.randn(3, 8, scale, dtype=torch.float64, requires_grad=True)
    ours = model(features)
    textbook = generator_output(model, features, sampling_mask(scale, MATCHING), masked=True)
    logits, expected = ([*output.boundary, *output.confidence] for output in (ours, textbook))
    for each, theirs in zip(logits, expected, strict=True):
        torch.testing.assert_close(each, theirs, atol=1e-12, rtol=0)
    inputs = [features, *model.parameters()]
    seen = [torch.randn_like(each) for each in logits]
    gradients = (torch.autograd.grad(outputs, inputs, seen) for outputs in (logits, expected))
    for gradient, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(gradient, theirs, atol=1e-11, rtol=1e-11)
