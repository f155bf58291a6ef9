"""Settings of the classification stage: classifiers, panels, controls and the recogniser of proposals."""

from itertools import product
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from bsnpp.settings import Name, Settings


class ClassifierSettings(Settings):
    """A classifier of videos that is trained here: logistic regression on pooled features."""

    regularisation: float = Field(
        default=1.0,
        description="inverse strength C of the L2 penalty on standardised features; smaller is smoother",
        gt=0,
    )
    max_iterations: int = Field(default=1000, description="most iterations of the solver", ge=1, le=1_000_000)


class WeightSearchSettings(Settings):
    """How the weights of a panel of classifiers are found on the validation subset (improvement B)."""

    metric: Literal["top1", "top5", "average_map"] = Field(
        default="top1",
        description="what is maximised. top1, top5: the share of videos of which a true class is the best "
        "(among the best five); average_map: average mAP of the detections of the first variant that has the "
        "panel, with its first generator, at the training scale (no windows)",
    )
    step: float = Field(
        default=0.05, description="step of the weights, a whole part of 1 (0.05 is 1/20)", gt=0, le=1
    )
    largest_grid: int = Field(
        default=50_000,
        description="most weightings to try one by one; a panel with more is searched on two levels, inside "
        "each `model` of the sheet and over the models, or without models by coordinate ascent",
        ge=1,
        le=10_000_000,
    )
    temperature_scaling: bool = Field(
        default=True,
        description="divide each classifier's logits by the temperature that calibrates it on validation",
    )

    @field_validator("step")
    @classmethod
    def _whole_part_of_one(cls, step: float) -> float:
        if abs(round(1 / step) * step - 1) > 1e-9:
            raise ValueError(f"{step} does not divide 1 into equal steps; use 0.05, 0.1, 0.25, ...")
        return step


Kind = Literal["logistic", "trees", "network"]
"""Kinds of classifiers: logistic regression, extremely randomised trees, a network of one hidden layer."""


class EstimatorSettings(Settings):
    """scikit-learn's estimators, of whichever kind is used; all see standardised features."""

    regularisation: float = Field(
        default=0.01, description="logistic: inverse strength C of the L2 penalty; smaller is smoother", gt=0
    )
    max_iterations: int = Field(
        default=40, description="logistic: most iterations of the solver", ge=1, le=1_000_000
    )
    trees: int = Field(default=100, description="trees: their number", ge=1, le=10_000)
    smallest_leaf: int = Field(
        default=3, description="trees: samples that a leaf holds at least; more is smoother", ge=1, le=10_000
    )
    hidden_units: int = Field(default=64, description="network: units of its hidden layer", ge=1, le=10_000)
    weight_decay: float = Field(
        default=0.01, description="network: strength of the L2 penalty; larger is smoother", ge=0
    )
    epochs: int = Field(default=20, description="network: passes over the samples", ge=1, le=10_000)


class SnippetClassifierSettings(Settings):
    """A classifier of snippets, background included, trained on the training recordings."""

    kind: Kind = Field(
        default="logistic",
        description="logistic: logistic regression; trees: extremely randomised trees; network: one hidden "
        "layer",
    )
    estimator: EstimatorSettings = Field(
        default_factory=EstimatorSettings, description="the estimator; keys of other kinds are not read"
    )
    context_seconds: float = Field(
        default=2.0,
        description="seconds before and after a snippet whose mean features it sees beside its own",
        gt=0,
    )
    training_snippets: int = Field(
        default=10_000,
        description="about the most snippets to train one model on, evenly spaced; bounds the time",
        ge=1,
    )
    folds: int = Field(
        default=4,
        description="parts of the training videos, groups (persons) whole; each part is scored by a model "
        "that saw only the others",
        ge=2,
        le=1000,
    )


class SmoothingSettings(Settings):
    """The hidden Markov model that smooths snippet classes (a control)."""

    pseudo_count: float = Field(
        default=0.1,
        description="transitions added to each count, so that none is impossible; more is less sure",
        gt=0,
    )
    prior_strength: float = Field(
        default=0.5,
        description="power of the classes' shares by which probabilities are divided to be likelihoods; "
        "1: Bayes' rule, 0: probabilities as they are",
        ge=0,
        le=1,
    )


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
