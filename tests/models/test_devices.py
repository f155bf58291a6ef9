"""All tensors of a generator are on one device, tested on `meta`, which has no data, instead of a GPU.

Losses depend on data and cannot be tested this way.
"""

from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from bsnpp.models.build import build_generator
from bsnpp.models.settings import BMNSettings, BSNPPSettings, MatchingSettings, ProposalSettings

MATCHING = MatchingSettings(bins=4, input_channels=8, filters=8)
GENERATORS: dict[str, ProposalSettings] = {
    "bsnpp": BSNPPSettings(base_channels=8, boundary_channels=8, matching=MATCHING, relation_channels=8),
    "bmn": BMNSettings(base_channels=8, matching=MATCHING, confidence_channels=8),
    "mmaction2": BMNSettings(
        base_channels=8, matching=MATCHING, confidence_channels=8, maps="start_end", end_offset=1
    ),
}


class OneDevice(TorchDispatchMode):
    """Check the operands of every operation; only scalars may be on the CPU."""

    def __torch_dispatch__(self, operation: Any, types: Any, arguments: Any = (), named: Any = None) -> Any:
        operands = [each for each in tree_leaves((arguments, named)) if isinstance(each, torch.Tensor)]
        assert len({tensor.device for tensor in operands if tensor.dim()}) <= 1, operation
        return operation(*arguments, **(named or {}))


@pytest.mark.parametrize("kind", GENERATORS)
@pytest.mark.parametrize("scale", [8, 13])
def test_no_tensor_is_on_another_device(kind: str, scale: int) -> None:
    """Forward and backward pass use the forms for GPUs, dense sampling and whole maps."""
    model = build_generator(8, GENERATORS[kind]).to("meta")
    with OneDevice():
        features = torch.empty(2, 8, scale, device="meta")
        output = model(features)
        boundary = model.boundary_probabilities(features, output)
        confidence = model.confidence_probabilities(output)
        torch.cat([logits.flatten() for logits in (*output.boundary, *output.confidence)]).sum().backward()
    assert all(weight.grad is not None and weight.grad.is_meta for weight in model.parameters())
    assert boundary.is_meta and confidence.is_meta
