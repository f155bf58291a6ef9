"""Inspect the scales: instances that are too short for a proposal."""

from typing import TYPE_CHECKING

import numpy as np

from bsnpp.challenge.plan import Plan
from bsnpp.inspection.findings import Finding, if_any
from bsnpp.inspection.instances import Vanishing, are_inside, vanishing

if TYPE_CHECKING:
    import pandas as pd

Tables = dict[str, "tuple[pd.DataFrame, pd.DataFrame]"]

LOST_SHARE = 0.01
"""Share of the instances that may vanish at a scale without a warning."""


def inspect_scales(plan: Plan, tables: Tables) -> tuple[list[Vanishing], list[Finding]]:
    """Count the instances that vanish at every scale, or that no window holds.

    Parameters
    ----------
    plan : Plan
    tables : dict
        Videos and instances by subset.
    """
    counts: list[Vanishing] = []
    findings: list[Finding] = []
    challenge = plan.challenge
    tiou = min(challenge.evaluation.all_thresholds)
    used = {scale for variant in challenge.variants.values() for scale in plan.scales_of(variant)}
    for subset in [name for name in ("training", *challenge.scored_subsets) if name in tables]:
        videos, instances = tables[subset]
        instances = instances[are_inside(videos, instances)]
        scales = set(challenge.scales.trained) if subset == "training" else {challenge.scales.training} | used
        if challenge.windows is not None:
            scales = {challenge.windows.cells}
            videos = videos.assign(extent=challenge.windows.length)
            lengths = (instances["end"] - instances["start"]).clip(lower=0.0)
            instances = instances.assign(start=0.0, end=lengths)  # at its best place in a window
        for scale in sorted(scales):
            ranges = plan.durations_at(scale, subset) if challenge.windows is None else [(0.0, None)]
            inside = np.zeros(len(videos), bool)
            for low, high in ranges:
                inside |= (videos["duration"] >= low) & (videos["duration"] < (high or np.inf))
            longest = max(section.model.grid(scale).durations for section in challenge.generators.values())
            vanished = vanishing(subset, videos[inside], instances, (scale, longest), tiou)
            counts.append(vanished)
            if len(vanished.lost) > LOST_SHARE * vanished.instances:
                findings += if_any(
                    "warning", f"annotations, {subset}, {scale} cells",
                    f"instances without a proposal of a tIoU of {tiou:g}: {{n}} of {vanished.instances:,}",
                    "use more cells for these videos (`scales`), or windows of shorter cells", vanished.lost,
                )  # fmt: skip
    return counts, findings
