"""Whole generators: equal in outputs and in every gradient to the dense ones that benchmarks compare with.

That these are right themselves is shown by test_textbook_generators, by sums over taps.
"""

import pytest
import torch

from bsnpp.models.build import build_generator
from bsnpp.models.settings import BMNSettings, BSNPPSettings, GeneratorSettings, MatchingSettings
from tests.reference.boundary_matching import sampling_mask
from tests.reference.dense_generators import generator_output

MATCHING = MatchingSettings(bins=4, input_channels=6, filters=7)
BSNPP = BSNPPSettings(base_channels=8, boundary_channels=5, matching=MATCHING, relation_channels=3)
BMN = BMNSettings(base_channels=8, matching=MATCHING, confidence_channels=5)


@pytest.mark.parametrize("scale", [4, 9])
@pytest.mark.parametrize("settings", [BSNPP, BMN], ids=["bsnpp", "bmn"])
def test_equals_the_dense_textbook_in_outputs_and_gradients(settings: GeneratorSettings, scale: int) -> None:
    model = build_generator(8, settings).double()
    for name, parameter in model.named_parameters():
        if name.endswith(".scale"):  # at 0 the attentions would change nothing
            torch.nn.init.constant_(parameter, 0.5)
    features = torch.randn(3, 8, scale, dtype=torch.float64, requires_grad=True)
    ours = model(features)
    textbook = generator_output(model, features, sampling_mask(scale, MATCHING), masked=True)
    found, expected = ([*output.boundary, *output.confidence] for output in (ours, textbook))
    for logits, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(logits, theirs, atol=1e-12, rtol=0)
    inputs = [features, *model.parameters()]
    seen = [torch.randn_like(logits) for logits in found]
    gradients = (torch.autograd.grad(outputs, inputs, seen) for outputs in (found, expected))
    for gradient, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(gradient, theirs, atol=1e-11, rtol=1e-11)
