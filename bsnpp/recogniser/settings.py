"""TODO bsnpp.recogniser.settings."""

from itertools import product
from typing import Annotated, Self

from pydantic import Field, model_validator

from bsnpp.core.settings import Name, Settings
from bsnpp.snippets.estimator_settings import EstimatorSettings

Power = Annotated[float, Field(ge=0, le=10)]


Share = Annotated[float, Field(ge=0, le=1)]


Sigma = Annotated[float, Field(gt=0, le=10)]


class DenseSettings(Settings):
    """Segments of every length at every place: proposals that need no generator."""

    shortest: float = Field(default=1.5, description="shortest segment, seconds", gt=0)
    longest: float = Field(default=45.0, description="longest segment, seconds", gt=0)
    ratio: float = Field(default=1.25, description="a length divided by the next shorter one", gt=1, le=10)
    stride: float = Field(
        default=0.1, description="seconds between starts, as a share of the length", gt=0, le=1
    )
    least_stride: float = Field(default=0.4, description="seconds between starts, at least", gt=0)


class RecognitionCandidates(Settings):
    """What cross-validation over the training videos tries, the plainest of each list first.

    All combinations are tried; an empty list leaves the key of `recognition` as it is.
    """

    encoders: tuple[tuple[Name, ...], ...] = Field(default=(), description="lists of `encoders`")
    refine: tuple[bool, ...] = Field(default=(), description="values of `refine`")
    nms_sigma: tuple[Sigma, ...] = Field(default=(), description="values of `nms_sigma`")
    panel_weight: tuple[Share, ...] = Field(default=(), description="values of `panel_weight`")
    tiou_power: tuple[Power, ...] = Field(default=(), description="values of `tiou_power`")


class RecognitionSettings(Settings):
    """The recogniser of proposals: what it is trained on, what it sees, and how a detection is scored."""

    encoders: tuple[Name, ...] = Field(
        default=(), description="encoders whose features it sees; all of them if none is named"
    )
    estimator: EstimatorSettings = Field(
        default_factory=EstimatorSettings, description="the estimators, one of each kind"
    )
    dense: DenseSettings = Field(
        default_factory=DenseSettings,
        description="windows of the control, and those that background is drawn from",
    )
    context_seconds: float = Field(
        default=2.0, description="seconds before and after a segment that are pooled beside it", gt=0
    )
    jitters: tuple[float, ...] = Field(
        default=(0.05, 0.1, 0.2),
        min_length=1,
        description="standard deviations, as shares of an instance's length, by which its edges are shifted",
    )
    copies: int = Field(
        default=4, description="training segments of each instance for each of `jitters`", ge=1, le=1000
    )
    windows: int = Field(
        default=12, description="dense windows to train on, times the number of instances", ge=1, le=1000
    )
    generated: int = Field(
        default=8,
        description="proposals near an instance to train on, at most, where a generator's are recognised",
        ge=0,
        le=1000,
    )
    positive: float = Field(
        default=0.5, description="a training segment has its instance's class above this tIoU", ge=0, le=1
    )
    negative: float = Field(
        default=0.35,
        description="a training segment is background below this tIoU; between both it teaches no class",
        ge=0,
        le=1,
    )
    edge_snippets: int = Field(
        default=5, description="snippets on each side of an edge from which its offset is regressed", ge=1
    )
    largest_offset: float = Field(
        default=3.0, description="seconds; larger offsets are learned as this", gt=0
    )
    refined: int = Field(
        default=1500, description="segments of a recording, best first, that are kept and refined", ge=1
    )
    refine: bool = Field(default=True, description="move both edges of a segment by regressed offsets")
    tiou_power: Power = Field(
        default=1.0, description="power of the predicted tIoU in the score of a detection"
    )
    generator_power: Power = Field(
        default=0.5, description="power of the generator's score in the score of a detection"
    )
    panel: Name | None = Field(
        default=None,
        description="panel whose snippet classes are mixed into the recogniser's; none by default",
    )
    panel_weight: Share = Field(
        default=0.5, description="weight of the panel's classes, that of the recogniser's being the rest"
    )
    nms_sigma: Sigma | None = Field(
        default=None, description="`detection.nms.sigma` of recognised detections, if another one"
    )
    candidates: RecognitionCandidates = Field(
        default_factory=RecognitionCandidates, description="what is chosen by cross-validation"
    )
    folds: int = Field(
        default=4,
        description="parts of the training videos in cross-validation, groups (persons) whole",
        ge=2,
        le=1000,
    )

    @property
    def alternatives(self) -> list[Self]:
        """Every combination of `candidates`, the plainest first."""
        lists = {
            name: getattr(self.candidates, name) or (getattr(self, name),)
            for name in RecognitionCandidates.model_fields
        }
        return [
            self.model_copy(update=dict(zip(lists, values, strict=True)))
            for values in product(*lists.values())
        ]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.negative > self.positive:
            raise ValueError(f"negative ({self.negative}) must not be above positive ({self.positive})")
        return self

    @model_validator(mode="after")
    def _weight_of_something(self) -> Self:
        if self.candidates.panel_weight and self.panel is None:
            raise ValueError("candidates.panel_weight needs a `panel`")
        return self
