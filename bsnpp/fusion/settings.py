"""Settings of the fusion stage: how a blend's members are weighed, and what is fused."""

from typing import Annotated, Literal

from pydantic import Field

from bsnpp.core.settings import Settings

WeightingMethod = Literal["share", "softmax", "search", "best", "equal"]


class FusionSettings(Settings):
    """Improvement (A) of the paper: weighted combination of the members' maps.

    Weights come from each member's score on the validation subset at the training scale.
    """

    weights: WeightingMethod = Field(
        default="share",
        description="share: the score above the floor, normalised (relative performance, the paper); "
        "softmax: of score / temperature; search: by coordinates, from the shares, the highest score of the "
        "fused maps; best: the best member alone; equal: the plain mean.",
    )
    metric: Literal["auc", "ar_100", "average_map"] = Field(
        default="auc",
        description="The score of a member: of its proposals on validation at the training scale, a share. "
        "auc: area under AR@AN up to 100 proposals; ar_100: average recall of 100 proposals; average_map: "
        "mAP, every proposal labelled with the true classes of its video.",
    )
    floor: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Score at and below which a member gets no weight, a share. Share, and the start of a "
        "search.",
    )
    temperature: float = Field(
        default=0.01,
        gt=0,
        le=10,
        description="Score difference that changes a weight by the factor e, a share. Softmax only.",
    )
    steps: tuple[Annotated[float, Field(gt=0, le=1)], ...] = Field(
        default=(0.2, 0.1, 0.05),
        min_length=1,
        description="How far one weight is moved at a time; the next step when no move gains. Search only.",
    )
    maps: Literal["boundary_map", "sequences"] = Field(
        default="boundary_map",
        description="boundary_map: start x end probability of each member, then the weighted mean (paper); "
        "sequences: the weighted mean of start and of end probabilities, then their product.",
    )
    missing: Literal["error", "renormalise"] = Field(
        default="error",
        description="A video that a weighted member lacks. error: stop and list all of them; "
        "renormalise: blend the members that have it, their weights scaled to sum 1.",
    )
