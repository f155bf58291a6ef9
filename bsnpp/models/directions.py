"""Fusion of a forward and a backward pass."""

import torch
from torch import Tensor


def fuse_directions(forward: Tensor, backward: Tensor) -> Tensor:
    """Return the bidirectional boundary probabilities (Eq. 1), the geometric mean of both passes.

    Parameters
    ----------
    forward : Tensor (B, 2, T)
        Start and end probabilities of the sequence.
    backward : Tensor (B, 2, T)
        Output of the same network for the reversed sequence, still in reversed time. Its start channel marks
        ends in true time, and vice versa.

    Returns
    -------
    Tensor (B, 2, T)
    """
    return torch.sqrt(forward * backward.flip(-1).flip(1))
