"""The loss of a generator on a batch."""

import torch
from torch import Tensor

from bsnpp.models.base import Generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.device import in_precision
from bsnpp.models.loss_settings import LossSettings
from bsnpp.training.data import Batch


def batch_loss(
    model: Generator, batch: Batch, settings: LossSettings, compute: ComputeSettings, random: torch.Generator
) -> tuple[Tensor, dict[str, Tensor]]:
    """Run a generator on a batch and return its loss.

    Parameters
    ----------
    model : Generator
        On the device of the batch.
    batch : Batch
        Features and labels.
    settings : LossSettings
        Weights, thresholds and sampling.
    compute : ComputeSettings
        Device and precision of the model; losses are always computed in float32.
    random : torch.Generator
        Source of the draws of proposals.

    Returns
    -------
    total : Tensor ()
        Eq. 5 without the L2 term, which is the weight decay of Adam.
    terms : dict of str to Tensor ()
        Its terms by name.
    """
    with in_precision(compute.device, compute.precision):
        output = model(batch.features)
    terms = model.loss_terms(output.float(), batch.labels, settings, random)
    return model.total(terms, settings), terms
