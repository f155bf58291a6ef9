"""Average the weights of the last epochs (Izmailov et al. 2018, Averaging weights leads to wider optima)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy

import torch
from torch import nn

from bsnpp.training.checkpoint import State


def mean_state(states: Sequence[State]) -> State:
    """Average state dictionaries of one model.

    Parameters
    ----------
    states : sequence of State
        At least one. Tensors of whole numbers, such as numbers of batches, are those of the last one.
    """
    last = states[-1]
    return {
        name: torch.stack([state[name] for state in states]).mean(dim=0)
        if values.is_floating_point()
        else values.clone()
        for name, values in last.items()
    }


def with_this_epoch(recent: Sequence[State], model: nn.Module, epochs: int) -> list[State]:
    """Return the weights of a model after those of the epochs before, the last `epochs` of them.

    Without averaging, over one epoch, nothing is kept.
    """
    return [*recent, deepcopy(model.state_dict())][-epochs:] if epochs > 1 else []


@contextmanager
def averaged(model: nn.Module, recent: Sequence[State]) -> Iterator[None]:
    """Load the mean of recent weights for the block, and the last ones after it; nothing without any."""
    if not recent:
        yield
        return
    model.load_state_dict(mean_state(recent))
    try:
        yield
    finally:
        model.load_state_dict(recent[-1])
