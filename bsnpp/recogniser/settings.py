"""Settings of the recogniser of proposals."""

from itertools import product
from typing import Annotated, Self

from pydantic import Field, model_validator

from bsnpp.core.settings import Name, Settings
from bsnpp.snippets.estimator_settings import EstimatorSettings
from bsnpp.snippets.semi_markov_settings import SemiMarkovSettings

Power = Annotated[float, Field(ge=0, le=10)]
"""Exponent of a factor of the score."""

Share = Annotated[float, Field(ge=0, le=1)]
"""Share of a whole."""

Sigma = Annotated[float, Field(gt=0, le=10)]
"""Width of the Gaussian decay: see `bsnpp.detection.suppression.settings.NMSSettings`."""


class DenseSettings(Settings):
    """Windows of many lengths at many places, which replace the proposals of a generator."""

    shortest: float = Field(default=1.5, description="Length of the shortest window [s]", gt=0)
    longest: float = Field(default=45.0, description="Length of the longest window [s]", gt=0)
    ratio: float = Field(
        default=1.25, description="Ratio of a window length to the next shorter one", gt=1, le=10
    )
    stride: float = Field(
        default=0.1, description="Distance between starts, as a share of the window length", gt=0, le=1
    )
    least_stride: float = Field(default=0.4, description="Minimum distance between starts [s]", gt=0)


class RecognitionCandidates(Settings):
    """Values that cross-validation over the training recordings compares, the plainest of each list first.

    All combinations are compared. An empty list leaves the key of `recognition` as it is.
    """

    encoders: tuple[tuple[Name, ...], ...] = Field(
        default=(), description="Values of `encoders`, each a list"
    )
    refine: tuple[bool, ...] = Field(default=(), description="Values of `refine`")
    nms_sigma: tuple[Sigma, ...] = Field(default=(), description="Values of `nms_sigma`")
    panel_weight: tuple[Share, ...] = Field(default=(), description="Values of `panel_weight`")
    tiou_power: tuple[Power, ...] = Field(default=(), description="Values of `tiou_power`")


class RecognitionSettings(Settings):
    """The recogniser of proposals: training segments, features, and score of a detection."""

    encoders: tuple[Name, ...] = Field(
        default=(), description="Encoders whose features it sees; all encoders if empty"
    )
    estimator: EstimatorSettings = Field(
        default_factory=EstimatorSettings, description="The estimators, one of each kind"
    )
    dense: DenseSettings = Field(
        default_factory=DenseSettings,
        description="Dense windows: proposals of the control `dense`, and source of background segments",
    )
    context_seconds: float = Field(
        default=2.0, description="Context before and after a segment whose features are pooled [s]", gt=0
    )
    jitters: tuple[float, ...] = Field(
        default=(0.05, 0.1, 0.2),
        min_length=1,
        description="Standard deviations of the edge shifts of copies of instances, as shares of the "
        "instance's length",
    )
    copies: int = Field(
        default=4, description="Shifted copies of each instance, for each value of `jitters`", ge=1, le=1000
    )
    windows: int = Field(
        default=12, description="Dense windows to train on, per instance of the recording", ge=1, le=1000
    )
    generated: int = Field(
        default=8,
        description="Maximum number of proposals to train on near each instance, where the proposals of "
        "generators are recognised (windows only)",
        ge=0,
        le=1000,
    )
    positive: float = Field(
        default=0.5,
        description="tIoU above which a training segment has the class of its instance",
        ge=0,
        le=1,
    )
    negative: float = Field(
        default=0.35,
        description="tIoU below which a training segment is background; segments between `negative` and "
        "`positive` do not train the classifiers",
        ge=0,
        le=1,
    )
    edge_snippets: int = Field(
        default=5, description="Snippets on each side of an edge from which its offset is predicted", ge=1
    )
    largest_offset: float = Field(
        default=3.0, description="Bound to which the offsets of training segments are clipped [s]", gt=0
    )
    refined: int = Field(
        default=1500, description="Maximum number of segments to keep per recording, best first", ge=1
    )
    refine: bool = Field(default=True, description="Whether to move the edges by the predicted offsets")
    tiou_power: Power = Field(
        default=1.0, description="Power of the predicted tIoU in the score of a detection"
    )
    generator_power: Power = Field(
        default=0.5, description="Power of the generator's score in the score of a detection"
    )
    panel: Name | None = Field(
        default=None,
        description="Panel whose classes, of snippets or of whole videos, are mixed with those of the "
        "recogniser; none by default",
    )
    panel_weight: Share = Field(
        default=0.5, description="Weight of the panel in the mixture; the rest is the recogniser's"
    )
    sequence: SemiMarkovSettings | None = Field(
        default=None,
        description="Semi-Markov model of the panel's classes: its segments join the proposals, and its "
        "matches replace the mean class probabilities of snippets; none by default",
    )
    nms_sigma: Sigma | None = Field(
        default=None, description="Replaces `detection.nms.sigma` for recognised detections"
    )
    classes_per_segment: int | None = Field(
        default=None, description="Replaces `detection.classes_per_video` for recognised detections", ge=1
    )
    calibrated: bool = Field(
        default=False,
        description="Whether to replace the score of a detection by the tIoU that validation detections with "
        "this score have on average, by isotonic regression; the lowest scores may become equal",
    )
    candidates: RecognitionCandidates = Field(
        default_factory=RecognitionCandidates, description="Values that cross-validation compares"
    )
    folds: int = Field(
        default=4,
        description="Folds of the cross-validation; a group of recordings, such as a person, is never split",
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
    def _panel_is_named(self) -> Self:
        if self.candidates.panel_weight and self.panel is None:
            raise ValueError("candidates.panel_weight needs a `panel`")
        if self.sequence is not None and self.panel is None:
            raise ValueError("sequence needs a `panel`")
        return self
