"""Settings of the detection stage: scores, candidates, classes and suppression."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bsnpp.settings import Settings


class NMSSettings(Settings):
    """How overlapping proposals are suppressed (section 4.2 of the paper; conventions, section 7).

    A candidate falls only where its IoU with a selected one exceeds
    `low + (high - low) * width`, width being that of the selected one as a share of the video.
    `NMS_PRESETS` holds the published constants.
    """

    method: Literal["gaussian", "linear", "hard", "none"] = Field(
        default="gaussian",
        description="gaussian: a score is multiplied by exp(-iou^2 / sigma); linear: by 1 - iou; hard: the "
        "candidate is dropped (the paper's Greedy-NMS); none: no suppression.",
    )
    sigma: float = Field(
        default=0.5,
        ge=0.01,
        le=10,
        description="Width of the Gaussian decay, no unit; smaller suppresses more. Gaussian only.",
    )
    low: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="IoU threshold for a selected proposal of width 0; 0 with high 0: any overlap.",
    )
    high: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="IoU threshold for a selected proposal as wide as the video; at least low.",
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        """Refuse thresholds that fall with the width: mostly a `low` that was set alone."""
        if self.high < self.low:
            raise ValueError(
                f"high must be at least low ({self.low}), not {self.high}; equal: constant threshold"
            )
        return self


NMS_PRESETS: dict[str, NMSSettings] = {
    "bsn": NMSSettings(sigma=0.75, low=0.65, high=0.9),
    "bmn": NMSSettings(sigma=0.4, low=0.5, high=0.9),
    "detection": NMSSettings(sigma=0.5, low=0.0, high=0.0),
}
"""Soft-NMS constants of the field (conventions, section 7): those published with BSN and with BMN, and the
plain Gaussian of codes that were tuned for mAP."""


ScorePreset = Literal["paper", "recall", "detection"]
"""Score of a proposal: see `DetectionSettings.score`."""


class DetectionSettings(Settings):
    """From fused maps and class probabilities to at most `per_video` labelled detections."""

    score: ScorePreset = Field(
        default="paper",
        description="Score of a proposal from boundary b, classification c and regression r. "
        "paper: b sqrt(c r), Eq. 8; recall: b c r, as BMN; detection: c r, as codes tuned for mAP.",
    )
    candidates: Literal["peaks", "all"] = Field(
        default="peaks",
        description="peaks: proposals that begin and end at a local peak of the boundary probabilities or "
        "above half their maximum; all: every valid map cell.",
    )
    top_candidates: int = Field(
        default=1000,
        ge=1,
        le=1_000_000,
        description="Candidates of a video kept before suppression, best first.",
    )
    classes_per_video: int = Field(
        default=2,
        ge=1,
        le=1000,
        description="Classes given to each proposal: the k most probable ones of its video.",
    )
    class_fusion: Literal["product", "sqrt"] = Field(
        default="product",
        description="Score of a detection from proposal score p and class probability c. "
        "product: p c; sqrt: sqrt(p c).",
    )
    nms: NMSSettings = Field(
        default_factory=NMSSettings, description="Suppression of overlapping detections, within each label."
    )
    per_video: int = Field(
        default=100,
        ge=1,
        le=10_000,
        description="Detections, or proposals, of a video that are kept in the end.",
    )

    def scored_by(self, score: ScorePreset) -> "DetectionSettings":
        """The same settings with another score."""
        return self.model_copy(update={"score": score})
