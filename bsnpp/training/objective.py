"""The loss of a batch, for either generator."""

from torch import Generator as Random
from torch import Tensor

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.bsnpp import BSNPP
from bsnpp.models.build import Generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.device import in_precision
from bsnpp.training.data import Batch
from bsnpp.training.losses import LossTerms, bmn_terms, bsnpp_terms
from bsnpp.training.resampling import scale_regions
from bsnpp.training.settings import TrainingSettings


class Objective:
    """Runs a generator on a batch and measures its output.

    Parameters
    ----------
    settings : TrainingSettings
        Weights of the terms, and the resampling of BSN++.
    compute : ComputeSettings
        Device and precision; the losses themselves are in float32.
    grid : ProposalGrid
        Of the labels.
    """

    def __init__(self, settings: TrainingSettings, compute: ComputeSettings, grid: ProposalGrid) -> None:
        self.settings, self.compute = settings, compute
        self.region = scale_regions(grid, settings.resampling.regions).to(compute.device)

    def terms(self, model: Generator, batch: Batch, draws: Random, expectation: bool = False) -> LossTerms:
        """The terms of the loss, from a draw of proposals or from expected weights."""
        with in_precision(self.compute.device, self.compute.precision):
            output = model(batch.features)
        output, targets = output.float(), (batch.boundary, batch.iou)
        settings = self.settings.expecting() if expectation else self.settings
        if isinstance(model, BSNPP):
            return bsnpp_terms(output, *targets, self.region, settings, draws)
        return bmn_terms(output, *targets, settings, draws)

    def total(self, model: Generator, terms: LossTerms) -> Tensor:
        """Eq. 5, and BMN's sum; the L2 term is Adam's weight decay."""
        beta = self.settings.confidence_weight
        classification = beta if isinstance(model, BSNPP) else 1.0
        return terms.boundary + beta * terms.regression + classification * terms.classification
