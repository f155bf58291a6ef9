"""Settings of blends, panels and variants (the rows of the paper's Table 1)."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from bsnpp.classification.weight_search_settings import WeightMethod
from bsnpp.core.settings import EachOnce, Name, Settings
from bsnpp.fusion.settings import FusionSettings, WeightingMethod

Source = Literal["generators", "runs", "recogniser"]
"""Where the detections of a variant come from: fused maps, runs of snippet classes, or the recogniser."""


def _or_a_list(schema: dict[str, Any]) -> None:
    """Let the JSON schema accept the short form, too."""
    section = dict(schema)
    schema.clear()
    schema["anyOf"] = [section, section["properties"]["members"]]


class _Members(Settings):
    """A named list of members; the short form is the list alone."""

    model_config = ConfigDict(json_schema_extra=_or_a_list)

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"members": value} if isinstance(value, list) else value


class FusionSection(FusionSettings):
    """The section `fusion`."""

    calibrated: bool = Field(
        default=False,
        description="Calibrate the confidences of every member before they are weighted and fused, by "
        "isotonic regression on validation at the training scale: classification to the probability of a "
        "tIoU above 0.9, regression to the expected tIoU",
    )

    def of(self, blend: "Blend") -> Self:
        """Return the section with the keys of a blend in place of its own."""
        return self.model_copy(update=blend.model_dump(include={"weights", "calibrated"}, exclude_none=True))


class Blend(_Members):
    """A list of maps that are fused."""

    members: Annotated[tuple[str, ...], EachOnce] = Field(
        min_length=1,
        description="Members as encoder/initialisation, e.g. tsn_anet/scratch, or tsn_anet/scratch_seed1 for "
        "a training with its own seed",
    )
    weights: WeightingMethod | None = Field(
        None, description="Weighting of its members; default: `fusion.weights`"
    )
    calibrated: bool | None = Field(
        None, description="Calibrate the confidences of its members; default: `fusion.calibrated`"
    )


class Panel(_Members):
    """A list of classifiers whose scores are mixed."""

    members: Annotated[tuple[Name, ...], EachOnce] = Field(min_length=1, description="Names of classifiers")
    weights: WeightMethod = Field(
        "search", description="Grid search on validation, the best classifier alone, or equal weights"
    )


class Variant(Settings):
    """A row of the ablation table (the paper's Table 1).

    Its proposals come from generators, from another variant (then they are recognised), or from a control.
    """

    generators: dict[Name, Name] = Field(default_factory=dict, description="Blend of maps for each generator")
    scales: Literal["training", "by_duration"] | Annotated[int, Field(ge=4)] = Field(
        "training", description="Training scale for all videos, scale by duration, or one T for all videos"
    )
    panel: Name | None = Field(
        None,
        description="Panel whose classes label the proposals; `ground_truth`: the annotated classes of the "
        "scored subsets, an upper bound",
    )
    external: Annotated[tuple[Name, ...], EachOnce] = Field(
        (), description="External detections added to those of its generators; names in `external_detections`"
    )
    recognises: Name | None = Field(
        None, description="Variant whose proposals the recogniser labels and refines"
    )
    control: Literal["runs", "hidden_markov_model", "semi_markov", "dense"] | None = Field(
        None,
        description="Runs of the panel's snippet classes, raw or smoothed by a hidden Markov model, or "
        "segments of a semi-Markov model of these classes (all with windows only); or dense windows labelled "
        "by the recogniser",
    )
    after: Name | None = Field(None, description="Variant it is compared with, for paired intervals")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(map(bool, (self.generators, self.recognises, self.control))) != 1:
            raise ValueError("a variant needs exactly one of: generators, recognises, control")
        if self.external and not self.generators:
            raise ValueError("`external` needs `generators`")
        if (self.panel is None) == (self.source != "recogniser"):
            raise ValueError("a variant needs a panel, unless the recogniser labels its proposals")
        return self

    @property
    def parts(self) -> int:
        """Number of generators and external sources of its detections."""
        return len(self.generators) + len(self.external)

    @property
    def source(self) -> Source:
        """Source of its detections; the workflow has one rule per source."""
        if self.generators:
            return "generators"
        return "recogniser" if self.recognises is not None or self.control == "dense" else "runs"
