"""Count the proposals that remain after each sampling stage, by kind and length (Fig. 1 of the paper)."""

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
import torch

from bsnpp.models.proposal_sampling import length_bins, two_stage_weights
from bsnpp.training.data import TrainingData
from bsnpp.training.settings import TrainingSettings

SAMPLING_STAGES = {
    "none": "all positives and negatives",
    "iou_balanced": "IoU-balanced",
    "two_stage": "IoU-balanced, then scale-balanced",
}
"""Methods of `ResamplingSettings` in the order of the stages, with their names in the figure."""


def bin_names(edges: Sequence[float]) -> list[str]:
    """Return the names of the length bins in the figure.

    Parameters
    ----------
    edges : sequence of float
        Upper edges of all bins but the last, ascending, as shares of the video.

    Examples
    --------
    >>> bin_names([0.3, 0.7])
    ['up to 0.3', '0.3 to 0.7', 'over 0.7']
    """
    between = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    return [f"up to {edges[0]:g}", *between, f"over {edges[-1]:g}"]


def sampling_census(data: TrainingData, settings: TrainingSettings) -> pd.DataFrame:
    """Count the proposals of one epoch after each sampling stage, by their expected weights.

    Parameters
    ----------
    data : TrainingData
        Videos with the confidence labels `iou`.
    settings : TrainingSettings
        Batch size (sampling works on each mini-batch), thresholds and resampling; its method is ignored.

    Returns
    -------
    DataFrame[stage, kind, length, proposals]
        A value of `SAMPLING_STAGES`; "positive" or "negative"; name of the length bin; expected number of
        draws.
    """
    edges, thresholds = settings.resampling.regions, settings.thresholds
    bins, unused = length_bins(data.grid, edges), torch.Generator()
    kinds, lengths = ("positive", "negative"), bin_names(edges)
    rows = []
    for method, stage in SAMPLING_STAGES.items():
        resampling = settings.expecting().resampling.model_copy(update={"method": method})
        counts = torch.zeros(len(kinds), len(lengths), dtype=torch.float64)
        for index in data.parts(settings.batch_size):
            iou = torch.from_numpy(data.labels["iou"][index])
            weights = two_stage_weights(iou, bins, resampling, unused, thresholds).double()
            positive = iou > thresholds.positive
            for kind, members in enumerate((positive, ~positive)):
                counts[kind].index_add_(0, bins, (weights * members).sum(dim=0))
        rows += [
            (stage, kind, name, counts[k, b].item())
            for k, kind in enumerate(kinds)
            for b, name in enumerate(lengths)
        ]
    return pd.DataFrame(rows, columns=["stage", "kind", "length", "proposals"])
