"""Settings of the detection stage: scores, candidates, classes and suppression."""

from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from bsnpp.core.settings import Name, Settings

NMS_PRESETS: dict[str, dict[str, Any]] = {
    "bsn": {"sigma": 0.75, "low": 0.65, "high": 0.9},
    "bmn": {"sigma": 0.4, "low": 0.5, "high": 0.9},
    "detection": {},
    "linear": {"method": "linear", "low": 0.3, "high": 0.3},
    "hard": {"method": "hard", "low": 0.3, "high": 0.3},
    "actionformer": {"sigma": 0.8, "voting": 0.85},
}
"""Suppressions of the field by name (conventions, section 7): the constants published with BSN and with BMN;
the plain Gaussian, the linear decay and the hard NMS that Soft-NMS was published with (Bodla et al. 2017);
the Gaussian with score voting of ActionFormer's public configuration for ActivityNet-1.3."""


def _or_a_preset(schema: dict[str, Any]) -> None:
    """Let the schema of a suppression accept the name of a preset too."""
    section = dict(schema)
    schema.clear()
    schema |= {"anyOf": [section, {"enum": list(NMS_PRESETS)}], "description": section["description"]}


class NMSSettings(Settings):
    """How overlapping proposals are suppressed (section 4.2 of the paper; conventions, section 7).

    A candidate falls only where its IoU with a selected one exceeds
    `low + (high - low) * width`, width being that of the selected one as a share of the video.
    In place of a section may stand the name of one of `NMS_PRESETS`.
    """

    model_config = ConfigDict(json_schema_extra=_or_a_preset)

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

    voting: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="IoU from which candidates vote for the edges of a selected one: these become their "
        "means, weighted by scores. none: edges stay as proposed.",
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value not in NMS_PRESETS:
            raise ValueError(f"no such preset; there are {', '.join(NMS_PRESETS)}")
        return NMS_PRESETS[value]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        """Refuse thresholds that fall with the width: mostly a `low` that was set alone."""
        if self.high < self.low:
            raise ValueError(
                f"high must be at least low ({self.low}), not {self.high}; equal: constant threshold"
            )
        return self


ScorePreset = Literal["paper", "recall", "detection"]
"""Score of a proposal: see `DetectionSettings.score`."""


ClassFusion = Literal["product", "sqrt"]
"""Score of a detection: see `DetectionSettings.class_fusion`."""


EnsembleMethod = Literal["concatenate", "rank", "isotonic"]
"""What becomes of several generators' scores: see `DetectionSettings.ensemble`."""


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
    class_fusion: ClassFusion = Field(
        default="product",
        description="Score of a detection from proposal score p and class probability c. "
        "product: p c; sqrt: sqrt(p c).",
    )
    ensemble: EnsembleMethod = Field(
        default="concatenate",
        description="What happens to the scores of several generators before their detections are put "
        "together. concatenate: nothing, as in the paper; rank: each generator's become shares of its own "
        "validation scores; isotonic: the tIoU that they mean on validation.",
    )
    nms: NMSSettings = Field(
        default_factory=NMSSettings, description="Suppression of overlapping detections, within each label."
    )
    weighing_nms: NMSSettings | None = Field(
        default=None,
        description="Suppression of the proposals by which encoders, and of the detections by which "
        "classifiers are weighed, if another one than `nms`.",
    )
    weighing_class_fusion: ClassFusion | None = Field(
        default=None,
        description="Class fusion of the detections by which classifiers are weighed, if another one than "
        "`class_fusion`.",
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

    @property
    def detecting(self) -> "DetectionSettings":
        """What detections are made by: without the keys of weighing."""
        return self.model_copy(update={"weighing_nms": None, "weighing_class_fusion": None})

    @property
    def weighing(self) -> "DetectionSettings":
        """What encoders and classifiers are weighed by."""
        own = {"nms": self.weighing_nms, "class_fusion": self.weighing_class_fusion}
        return self.detecting.model_copy(update={key: value for key, value in own.items() if value})


SweptScore = Literal["own", "paper", "recall", "detection"]
"""A score preset for every generator, or each generator's own."""


class SweepSettings(Settings):
    """Settings of detection that are tried on validation, every one with every other, and the one in use."""

    score: tuple[SweptScore, ...] = Field(
        ("own", "paper", "recall", "detection"),
        min_length=1,
        description="Scores of proposals; own: each generator's, as configured.",
    )
    class_fusion: tuple[ClassFusion, ...] = Field(
        ("product", "sqrt"), min_length=1, description="As `detection.class_fusion`."
    )
    nms: dict[Name, NMSSettings] = Field(
        default_factory=dict, description="Suppressions by name, which are tried beside the presets."
    )
