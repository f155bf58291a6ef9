"""Settings of the detection stage: scores, candidates, classes and suppression."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from bsnpp.core.registry import KeyOf
from bsnpp.core.settings import Name, Settings
from bsnpp.detection.scores import SCORES, formulas

NMS_PRESETS: dict[str, dict[str, Any]] = {
    "bsn": {"sigma": 0.75, "low": 0.65, "high": 0.9},
    "bmn": {"sigma": 0.4, "low": 0.5, "high": 0.9},
    "detection": {},
    "linear": {"method": "linear", "low": 0.3, "high": 0.3},
    "hard": {"method": "hard", "low": 0.3, "high": 0.3},
    "actionformer": {"sigma": 0.8, "voting": 0.85},
}
"""Published suppression settings by name (conventions, section 7): the constants of BSN and of BMN; the plain
Gaussian, the linear decay and the hard NMS of the Soft-NMS paper (Bodla et al. 2017); the Gaussian with score
voting of ActionFormer's public configuration for ActivityNet-1.3."""


def _or_a_preset(schema: dict[str, Any]) -> None:
    """Extend the schema of `NMSSettings` by the names of the presets."""
    section = dict(schema)
    schema.clear()
    schema |= {"anyOf": [section, {"enum": list(NMS_PRESETS)}], "description": section["description"]}


class NMSSettings(Settings):
    """Suppression of overlapping proposals (section 4.2 of the paper; conventions, section 7).

    A candidate is suppressed only if its tIoU with a selected proposal exceeds `low + (high - low) * width`,
    where `width` is the length of the selected proposal as a share of the video. The name of one of
    `NMS_PRESETS` may replace the whole section.
    """

    model_config = ConfigDict(json_schema_extra=_or_a_preset)

    method: Literal["gaussian", "linear", "hard", "none"] = Field(
        default="gaussian",
        description="Decay of the score of an overlapping candidate. gaussian: multiply by "
        "exp(-tIoU^2 / sigma); linear: multiply by 1 - tIoU; hard: drop the candidate (Greedy-NMS in the "
        "paper); none: no suppression",
    )
    sigma: float = Field(
        default=0.5,
        ge=0.01,
        le=10,
        description="Width of the Gaussian decay; a smaller value suppresses more",
    )
    low: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="tIoU threshold for a selected proposal of length 0; with low and high at 0, any overlap "
        "suppresses",
    )
    high: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="tIoU threshold for a selected proposal as long as the video, at least low",
    )
    voting: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="tIoU with a selected proposal from which a candidate votes for its edges: they become "
        "the means over its voters, weighted by score. null: edges stay as proposed",
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value not in NMS_PRESETS:
            raise ValueError(f"unknown preset; the presets are {', '.join(NMS_PRESETS)}")
        return NMS_PRESETS[value]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        """Refuse thresholds that fall with the length, mostly a `low` that was set alone."""
        if self.high < self.low:
            raise ValueError(
                f"high must be at least low ({self.low}), not {self.high}; "
                "set both to the same value for a constant threshold"
            )
        return self


ScoreName = Annotated[str, KeyOf(SCORES)]
"""Name of a proposal score: see `bsnpp.detection.scores`."""

OWN = "own"
"""Stands for the configured score of each generator in a sweep."""

SweptScore = Annotated[str, KeyOf(SCORES, OWN)]
"""Name of one proposal score for all generators, or `OWN`."""

ClassFusion = Literal["product", "sqrt"]
"""Score of a detection: see `DetectionSettings.class_fusion`."""

EnsembleMethod = Literal["concatenate", "rank", "isotonic"]
"""Calibration of the scores of several generators: see `DetectionSettings.ensemble`."""


class DetectionSettings(Settings):
    """From fused maps and class probabilities to at most `per_video` labelled detections."""

    score: ScoreName = Field(
        default="paper",
        description="Score of a proposal from boundary b, classification c and regression r. " + formulas(),
    )
    candidates: Literal["peaks", "all"] = Field(
        default="peaks",
        description="Map cells that become proposals. peaks: cells whose start and end are local peaks of "
        "the boundary probabilities, or above half their maximum; all: every valid cell",
    )
    top_candidates: int = Field(
        default=1000,
        ge=1,
        le=1_000_000,
        description="Proposals per video that enter suppression, best first",
    )
    classes_per_video: int = Field(
        default=2,
        ge=1,
        le=1000,
        description="Number of classes given to each proposal: the most probable ones",
    )
    class_fusion: ClassFusion = Field(
        default="product",
        description="Score of a detection from proposal score p and class probability c. "
        "product: p c; sqrt: sqrt(p c)",
    )
    ensemble: EnsembleMethod = Field(
        default="concatenate",
        description="Calibration of the scores of several generators before their detections are "
        "concatenated. concatenate: none, as in the paper; rank: each score becomes the share of the "
        "generator's validation scores that it reaches; isotonic: each score becomes the mean tIoU of such "
        "detections on validation",
    )
    nms: NMSSettings = Field(
        default_factory=NMSSettings, description="Suppression of overlapping detections, within each label"
    )
    weighing_nms: NMSSettings | None = Field(
        default=None,
        description="Suppression where encoders and classifiers are weighted; that of `nms` if null",
    )
    weighing_class_fusion: ClassFusion | None = Field(
        default=None,
        description="Class fusion where classifiers are weighted; that of `class_fusion` if null",
    )
    per_video: int = Field(
        default=100,
        ge=1,
        le=10_000,
        description="Maximum number of detections, and of proposals, of a video after suppression",
    )

    def scored_by(self, score: str) -> "DetectionSettings":
        """Replace the score."""
        return self.model_copy(update={"score": score})

    @property
    def detecting(self) -> "DetectionSettings":
        """The settings that detections depend on: without the keys of weighting."""
        return self.model_copy(update={"weighing_nms": None, "weighing_class_fusion": None})

    @property
    def weighing(self) -> "DetectionSettings":
        """The settings by which encoders and classifiers are weighted."""
        own = {"nms": self.weighing_nms, "class_fusion": self.weighing_class_fusion}
        return self.detecting.model_copy(update={key: value for key, value in own.items() if value})


class SweepSettings(Settings):
    """Grid of detection settings to compare on validation: all combinations, and the settings in use."""

    score: tuple[SweptScore, ...] = Field(
        (OWN, *SCORES),
        min_length=1,
        description="Scores of proposals. own: the configured score of each generator; others as "
        "`detection.score`, for all generators",
    )
    class_fusion: tuple[ClassFusion, ...] = Field(
        ("product", "sqrt"), min_length=1, description="Class fusions, as `detection.class_fusion`"
    )
    nms: dict[Name, NMSSettings] = Field(
        {}, description="Further suppressions by name; the presets are always compared"
    )
