"""Whole generators: outputs and all gradients equal those of the textbook form, in float64."""

import pytest
import torch
from torch import Tensor

from bsnpp.models.base import Generator, GeneratorOutput
from bsnpp.models.boundary_generator import BoundaryGenerator
from bsnpp.models.build import build_generator
from bsnpp.models.settings import BMNSettings, BSNPPSettings, MatchingSettings, ProposalSettings
from tests.reference import generators as reference

MATCHING = MatchingSettings(bins=3, input_channels=4, filters=5)
BSNPP = BSNPPSettings(base_channels=4, boundary_channels=6, matching=MATCHING, relation_channels=4)
BMN = BMNSettings(base_channels=4, groups=2, matching=MATCHING, confidence_channels=4)
OTHER = BSNPP.model_copy(
    update={
        "groups": 2,
        "scaled_energies": True,
        "channel_energies": "sum",
        "boundary_head": "mean",
        "confidence_branch": "last",
    }
)
kinds = pytest.mark.parametrize("kind", [BSNPP, OTHER, BMN], ids=["bsnpp", "bsnpp-other", "bmn"])

SHIFTS = ("0.bias", "sender.bias")
"""Parameters that shift all inputs of a normalisation or a softmax alike; their gradients are 0."""


def doubled(kind: ProposalSettings) -> Generator:
    """Return a model in float64 with other attention gains and statistics than a new one."""
    model = build_generator(4, kind).double()
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if name.endswith(".gain"):
                tensor.fill_(0.6)
            elif tensor.ndim > 1:
                tensor.mul_(1.5)
            elif name.endswith("running_mean"):
                tensor.uniform_(-0.1, 0.1)
            elif name.endswith("running_var"):
                tensor.uniform_(0.1, 0.3)
    return model


def textbook(features: Tensor, model: Generator, state: dict[str, Tensor]) -> GeneratorOutput:
    if isinstance(model.settings, BSNPPSettings):
        return GeneratorOutput(*reference.bsnpp(features, state, model.settings, model.training))
    return GeneratorOutput(*reference.bmn(features, state, model.settings))


def gradients(output: GeneratorOutput, inputs: list[Tensor]) -> list[Tensor]:
    """Return the gradients of a sum in which every output has another weight."""
    random = torch.Generator().manual_seed(5)
    outputs = [*output.boundary, *output.confidence]
    seen = [torch.randn(output.shape, generator=random, dtype=torch.float64) for output in outputs]
    return list(torch.autograd.grad(outputs, inputs, seen))


def close(result: Tensor, expected: Tensor, name: str) -> None:
    torch.testing.assert_close(result, expected, atol=1e-12, rtol=1e-12, msg=lambda text: f"{name}: {text}")


@kinds
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
@pytest.mark.parametrize(("scale", "share"), [(4, 1.0), (7, 1.0), (9, 1.0), (9, 0.5)])
def test_outputs_and_gradients_equal_the_textbook(
    kind: ProposalSettings, training: bool, scale: int, share: float
) -> None:
    model = doubled(kind.model_copy(update={"max_duration": share})).train(training)
    features = torch.randn(2, 4, scale, dtype=torch.float64, requires_grad=True)
    parameters = dict(model.named_parameters())
    state = {name: tensor.clone() for name, tensor in model.state_dict().items()} | parameters
    expected = textbook(features, model, state)
    output = model(features)
    for name, ours, theirs in [
        ("boundary", output.boundary, expected.boundary),
        ("confidence", output.confidence, expected.confidence),
    ]:
        assert len(ours) == len(theirs)
        for number, pair in enumerate(zip(ours, theirs, strict=True)):
            close(*pair, f"{name} {number}")
    inputs = {"features": features, **parameters}
    pairs = zip(
        gradients(output, list(inputs.values())), gradients(expected, list(inputs.values())), strict=True
    )
    for name, (ours, theirs) in zip(inputs, pairs, strict=True):
        assert theirs.abs().max() > 1e-6 or name.endswith(SHIFTS), f"{name} has no influence"
        close(ours, theirs, name)


@pytest.mark.parametrize("scale", [*range(4, 18), 30, 80, 100])
def test_the_nested_u_net_equals_the_textbook_at_any_length(scale: int) -> None:
    generator = BoundaryGenerator(3, 2).double()
    sequence = torch.randn(2, 3, scale, dtype=torch.float64, requires_grad=True)
    state = {f"boundary.{name}": tensor.clone() for name, tensor in generator.state_dict().items()}
    state |= {f"boundary.{name}": parameter for name, parameter in generator.named_parameters()}
    expected = reference.boundary_generator(sequence, state, training=True)
    heads = generator(sequence)
    for head, pair in enumerate(zip(heads, expected, strict=True)):
        close(*pair, f"head {head}")
    inputs = [sequence, *generator.parameters()]
    ours, theirs = (gradients(GeneratorOutput(logits, []), inputs) for logits in (heads, expected))
    for number, pair in enumerate(zip(ours, theirs, strict=True)):
        close(*pair, f"gradient {number}")


@kinds
@pytest.mark.parametrize("scale", [4, 30, 80, 100])
def test_probabilities_of_the_reversed_video_are_mirrored(kind: ProposalSettings, scale: int) -> None:
    """They are exactly mirrored if both directions are fused (BSN++), but not in BMN, which has only one."""
    model = doubled(kind).eval()
    features = torch.randn(1, 4, scale, dtype=torch.float64)
    with torch.no_grad():
        there, back = (
            model.boundary_probabilities(inputs, model(inputs)) for inputs in (features, features.flip(-1))
        )
    assert torch.equal(back, there.flip(-1).flip(1)) == isinstance(kind, BSNPPSettings)
