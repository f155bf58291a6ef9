"""Every test of a model meets the same random weights, whatever ran before it."""

import pytest
import torch


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)
