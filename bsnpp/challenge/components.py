"""What each component of a generator brings: the rows of `make components`, trained for several seeds."""

from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from bsnpp.core.settings import EachOnce, Name, Settings

BLEND = "components"
"""Name of the blend of the one member that all rows are trained on."""


class ComponentRow(Settings):
    """One line of the table: keys of the generator's section that differ from it."""

    model: dict[str, Any] = Field(default_factory=dict, description="keys of the generator's `model`")
    training: dict[str, Any] = Field(default_factory=dict, description="keys of the generator's `training`")


class ComponentSettings(Settings):
    """A generator with parts of it changed or left out, on one encoder (paper section 5.3)."""

    generator: Name = Field(description="generator whose components are compared")
    member: str = Field(description="features that it is trained on: encoder/initialisation")
    panel: Name = Field(description="panel whose classes label the proposals")
    training: dict[str, Any] = Field(
        default_factory=dict, description="keys of `training` that differ in every row: a shorter schedule"
    )
    seeds: Annotated[tuple[Annotated[int, Field(ge=0)], ...], EachOnce] = Field(
        (1, 2, 3, 4, 5), min_length=1, description="a training for each"
    )
    rows: dict[Name, ComponentRow] = Field(
        description="rows of the table; exactly one changes nothing, and the others are compared with it"
    )

    @model_validator(mode="after")
    def _one_whole_row(self) -> Self:
        if len(self._whole()) != 1:
            raise ValueError(f"exactly one row must change nothing, not {self._whole()}")
        return self

    def _whole(self) -> list[str]:
        return [name for name, row in self.rows.items() if not row.model and not row.training]

    @property
    def whole(self) -> str:
        """The row with every component of the generator's section."""
        return self._whole()[0]

    @property
    def lines(self) -> dict[str, tuple[str, int]]:
        """Row and seed of every training, by its name: that of its generator and of its variant."""
        return {f"{row}_{seed}": (row, seed) for row in self.rows for seed in self.seeds}


def with_components(value: dict[str, Any]) -> dict[str, Any]:
    """Add the generators, blends and variants of the section `components` to a configuration, unchecked.

    A section that is not right is left for the check of the whole configuration to tell.

    Raises
    ------
    ValueError
        If the configuration has such names already.
    """
    try:
        section = ComponentSettings.model_validate(value["components"])
        base = value["generators"][section.generator]
        sections = {
            name: {
                **base,
                "model": {**base["model"], **section.rows[row].model},
                "training": {**base.get("training", {}), **section.training, **section.rows[row].training},
                "seed": seed,
            }
            for name, (row, seed) in section.lines.items()
        }
        variants = {name: {"generators": {name: BLEND}, "panel": section.panel} for name in sections}
        added: dict[str, dict[str, Any]] = {
            "generators": sections, "blends": {BLEND: [section.member]}, "variants": variants,
        }  # fmt: skip
        taken = [f"{key}.{name}" for key, lines in added.items() for name in lines if name in value[key]]
        merged = {**value, **{key: {**value[key], **lines} for key, lines in added.items()}}
    except (ValidationError, KeyError, TypeError):
        return value
    if taken:
        raise ValueError(f"components: these names are those of its rows: {', '.join(taken)}; choose others")
    return merged
