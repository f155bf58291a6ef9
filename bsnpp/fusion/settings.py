"""Settings of the fusion stage: how the members of a blend are weighted, and how their maps are blended."""

from typing import Annotated, Literal

from pydantic import Field

from bsnpp.fusion.blend_settings import BlendSettings

WeightingMethod = Literal["share", "softmax", "search", "leave_one_out", "best", "equal"]


class FusionSettings(BlendSettings):
    """Weighted fusion of the members' maps (improvement A of the paper).

    The weights depend on each member's score on the validation subset at the training scale.
    """

    weights: WeightingMethod = Field(
        default="share",
        description="Weights of the members. share: score above the floor, normalised (relative performance, "
        "the paper); softmax: softmax of score / temperature; search: coordinate search from the shares for "
        "the highest score of the fused maps; leave_one_out: what the score of the equally weighted fusion "
        "loses without the member, normalised, 0 if it loses nothing; best: the best member alone; "
        "equal: equal weights",
    )
    metric: Literal["auc", "ar_100", "average_map"] = Field(
        default="auc",
        description="Score of a member's proposals on validation at the training scale, in [0, 1]. auc: area "
        "under AR@AN up to 100 proposals; ar_100: average recall of 100 proposals; average_map: mAP with "
        "every proposal labelled with the true classes of its video",
    )
    floor: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Score up to which a member has no weight, in [0, 1] (share and search only)",
    )
    temperature: float = Field(
        default=0.01,
        gt=0,
        le=10,
        description="Score difference that changes a weight by the factor e, in [0, 1] (softmax only)",
    )
    steps: tuple[Annotated[float, Field(gt=0, le=1)], ...] = Field(
        default=(0.2, 0.1, 0.05),
        min_length=1,
        description="Steps of a weight, one after the other; the next step follows when no move improves the "
        "score (search only)",
    )
