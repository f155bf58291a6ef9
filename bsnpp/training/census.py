"""How many proposals of each kind and scale the sampling stages leave (Fig. 1 of the paper)."""

import torch

from bsnpp.training.data import TrainingData
from bsnpp.training.resampling import POSITIVE, REGION_TENTHS, scale_regions, two_stage_weights
from bsnpp.training.settings import ResamplingSettings, TrainingSettings

STAGES = {
    "none": "all positives and negatives",
    "iou_balanced": "IoU-balanced",
    "two_stage": "IoU-balanced, then scale-balanced",
}
"""Methods of `ResamplingSettings`, in the order of the stages, and what a reader calls them."""


def sampling_census(data: TrainingData, settings: TrainingSettings) -> list[tuple[str, str, int, float]]:
    """Count the proposals of one epoch after each sampling stage, by their expected weights.

    Parameters
    ----------
    data : TrainingData
        Whose confidence labels are counted.
    settings : TrainingSettings
        Keys `batch_size` (stages count over the mini-batch) and `resampling.scale_ratio`.

    Returns
    -------
    list of (stage, kind, region, number)
        A value of `STAGES`; positive or negative; scale region 0, 1, 2; expected draws.
    """
    region, unused = scale_regions(data.grid), torch.Generator()
    kinds, regions = ("positive", "negative"), range(len(REGION_TENTHS) + 1)
    rows = []
    for method, stage in STAGES.items():
        resampling = ResamplingSettings(
            method=method, expectation=True, scale_ratio=settings.resampling.scale_ratio
        )
        counts = torch.zeros(len(kinds), len(regions), dtype=torch.float64)
        for index in data.parts(settings.batch_size):
            iou = torch.from_numpy(data.iou[index])
            weights = two_stage_weights(iou, region, resampling, unused).double()
            for kind, members in enumerate((iou > POSITIVE, iou <= POSITIVE)):
                counts[kind].index_add_(0, region, (weights * members).sum(dim=0))
        rows += [(stage, kind, r, counts[k, r].item()) for k, kind in enumerate(kinds) for r in regions]
    return rows
