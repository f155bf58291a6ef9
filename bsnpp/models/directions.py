"""Both directions of time: labels of reversed videos, and the fusion of a forward and a backward pass."""

import torch
from torch import Tensor

from bsnpp.core.grid import ProposalGrid


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


def reversed_labels(labels: dict[str, Tensor], grid: ProposalGrid) -> dict[str, Tensor]:
    """Return the labels of videos that run backwards: starts and ends swap, and proposals are mirrored.

    Parameters
    ----------
    labels : dict
        `boundary` (B, 2, T) and `iou` (B, V), from `bsnpp.models.labels.video_labels`.
    grid : ProposalGrid
        T cells and V proposals.
    """
    mirror = torch.from_numpy(grid.reversal).to(labels["iou"].device)
    return {"boundary": labels["boundary"].flip(-1).flip(1), "iou": labels["iou"][:, mirror]}
