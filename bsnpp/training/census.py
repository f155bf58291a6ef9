"""How many proposals of each kind and scale the sampling stages leave (Fig. 1 of the paper)."""

from collections.abc import Sequence
from itertools import pairwise

import torch

from bsnpp.training.data import TrainingData
from bsnpp.training.resampling import scale_regions, two_stage_weights
from bsnpp.training.settings import TrainingSettings

STAGES = {
    "none": "all positives and negatives",
    "iou_balanced": "IoU-balanced",
    "two_stage": "IoU-balanced, then scale-balanced",
}
"""Methods of `ResamplingSettings`, in the order of the stages, and what a reader calls them."""


def region_names(edges: Sequence[float]) -> list[str]:
    """What a reader calls the scale regions between the edges.

    >>> region_names([0.3, 0.7])
    ['up to 0.3', '0.3 to 0.7', 'over 0.7']
    """
    between = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    return [f"up to {edges[0]:g}", *between, f"over {edges[-1]:g}"]


def sampling_census(data: TrainingData, settings: TrainingSettings) -> list[tuple[str, str, str, float]]:
    """Count the proposals of one epoch after each sampling stage, by their expected weights.

    Parameters
    ----------
    data : TrainingData
        Whose confidence labels are counted.
    settings : TrainingSettings
        Batch size (stages count over the mini-batch), thresholds and resampling, but for its method.

    Returns
    -------
    list of (stage, kind, region, number)
        A value of `STAGES`; positive or negative; the length of proposals; expected draws.
    """
    edges, thresholds = settings.resampling.regions, settings.thresholds
    region, unused = scale_regions(data.grid, edges), torch.Generator()
    kinds, regions = ("positive", "negative"), region_names(edges)
    rows = []
    for method, stage in STAGES.items():
        resampling = settings.expecting().resampling.model_copy(update={"method": method})
        counts = torch.zeros(len(kinds), len(regions), dtype=torch.float64)
        for index in data.parts(settings.batch_size):
            iou = torch.from_numpy(data.iou[index])
            weights = two_stage_weights(iou, region, resampling, unused, thresholds).double()
            positive = iou > thresholds.positive
            for kind, members in enumerate((positive, ~positive)):
                counts[kind].index_add_(0, region, (weights * members).sum(dim=0))
        rows += [
            (stage, kind, name, counts[k, r].item())
            for k, kind in enumerate(kinds)
            for r, name in enumerate(regions)
        ]
    return rows
