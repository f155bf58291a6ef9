"""Blends, panels and variants: what is fused, weighed together and compared."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from bsnpp.core.settings import EachOnce, Name, Settings
from bsnpp.fusion.settings import WeightingMethod

INITIALISATIONS = ("scratch", "pretrained")

Source = Literal["generators", "runs", "recogniser"]
"""Where a variant's detections come from: fused maps, runs of snippet classes, or the recogniser."""


def _or_a_list(schema: dict[str, Any]) -> None:
    """Let the schema of a section with members accept their bare list too."""
    section = dict(schema)
    schema.clear()
    schema["anyOf"] = [section, section["properties"]["members"]]


class _Members(Settings):
    """A named list of members; in short form the bare list."""

    model_config = ConfigDict(json_schema_extra=_or_a_list)

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"members": value} if isinstance(value, list) else value


class Blend(_Members):
    """A named list of maps that are fused."""

    members: Annotated[tuple[str, ...], EachOnce] = Field(
        min_length=1, description="encoder/initialisation, e.g. tsn_anet/scratch"
    )
    weights: WeightingMethod | None = Field(
        None, description="how its members are weighed; by default as `fusion.weights` says"
    )


class Panel(_Members):
    """A named list of classifiers that are weighed together."""

    members: Annotated[tuple[Name, ...], EachOnce] = Field(min_length=1, description="names of classifiers")
    weights: Literal["search", "best", "equal"] = Field(
        "search", description="grid search on validation, the best one alone, or all alike"
    )


class Variant(Settings):
    """A line of the paper's Table 1: what is submitted and compared.

    Its proposals come from generators, from another variant (and are recognised anew), or from a control.
    """

    generators: dict[Name, Name] = Field(default_factory=dict, description="generator: blend of its maps")
    scales: Literal["training", "by_duration"] | Annotated[int, Field(ge=4)] = Field(
        "training", description="the training scale for all, the scale by duration, or one T for all"
    )
    panel: Name | None = Field(
        None,
        description="panel whose classes label the proposals; `ground_truth`: the annotated classes of the "
        "scored subsets, as an upper bound",
    )
    external: Annotated[tuple[Name, ...], EachOnce] = Field(
        (), description="anyone's detections that join those of its generators: names in external_detections"
    )
    recognises: Name | None = Field(
        None, description="variant whose proposals the recogniser labels and refines (windows only)"
    )
    control: Literal["runs", "hidden_markov_model", "dense"] | None = Field(
        None,
        description="runs of the panel's snippet classes, as they are or smoothed; or dense windows that the "
        "recogniser labels (windows only)",
    )
    after: Name | None = Field(None, description="variant that this one is a step from, for paired intervals")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(map(bool, (self.generators, self.recognises, self.control))) != 1:
            raise ValueError("a variant has one of: generators, recognises, control")
        if self.external and not self.generators:
            raise ValueError("`external` detections join those of `generators`, which are not there")
        if (self.panel is None) == (self.source != "recogniser"):
            raise ValueError("a variant has a panel, unless the recogniser labels it")
        return self

    @property
    def parts(self) -> int:
        """How many generators and outside files its detections come from."""
        return len(self.generators) + len(self.external)

    @property
    def source(self) -> Source:
        """Where its detections come from; the workflow has one rule for each source."""
        if self.generators:
            return "generators"
        return "recogniser" if self.recognises is not None or self.control == "dense" else "runs"
