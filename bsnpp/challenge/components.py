"""Ablate the components of a generator: the settings of the target `components`."""

from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from bsnpp.challenge.members import Member
from bsnpp.core.settings import EachOnce, Name, Settings

BLEND = "components"
"""Blend of the single member that every row is trained on."""


class ComponentRow(Settings):
    """A row of the table: the keys in which it differs from the generator's section."""

    model: dict[str, Any] = Field(
        default_factory=dict, description="Keys that replace those of the generator's `model`"
    )
    training: dict[str, Any] = Field(
        default_factory=dict, description="Keys that replace those of the generator's `training`"
    )


class ComponentSettings(Settings):
    """Ablation of one generator on one encoder, over several seeds (paper, section 5.3)."""

    generator: Name = Field(description="Generator whose components are compared")
    member: str = Field(description="Features it is trained on: encoder/initialisation")
    panel: Name = Field(description="Panel whose classes label the proposals")
    training: dict[str, Any] = Field(
        default_factory=dict,
        description="Keys of `training` that change in every row, e.g. a shorter schedule",
    )
    seeds: Annotated[tuple[Annotated[int, Field(ge=0)], ...], EachOnce] = Field(
        (1, 2, 3, 4, 5), min_length=1, description="Seeds; each row is trained once per seed"
    )
    rows: dict[Name, ComponentRow] = Field(
        description="Rows of the table; exactly one changes nothing and is the reference of the others"
    )

    @field_validator("member")
    @classmethod
    def _seeds_are_those_of_the_section(cls, member: str) -> str:
        parsed = Member.parse(member)
        if parsed is not None and parsed.seed is not None:
            raise ValueError(f"{member} has a seed, but rows are trained with each of `seeds`")
        return member

    @model_validator(mode="after")
    def _one_whole_row(self) -> Self:
        if len(self._whole()) != 1:
            raise ValueError(f"exactly one row must change nothing; these do: {self._whole() or 'none'}")
        return self

    def _whole(self) -> list[str]:
        return [name for name, row in self.rows.items() if not row.model and not row.training]

    @property
    def whole(self) -> str:
        """Name of the reference row, which changes nothing."""
        return self._whole()[0]

    @property
    def lines(self) -> dict[str, tuple[str, int]]:
        """Row and seed of each training, by the name of its generator and variant."""
        return {f"{row}_{seed}": (row, seed) for row in self.rows for seed in self.seeds}


def with_components(value: dict[str, Any]) -> dict[str, Any]:
    """Add the generators, blends and variants of the section `components` to a configuration.

    Parameters
    ----------
    value : dict
        Configuration with a section `components`. If the section is invalid, the configuration is returned as
        it is, and its validation reports the faults.

    Returns
    -------
    dict
        Unvalidated configuration.

    Raises
    ------
    ValueError
        If the configuration already uses one of the added names.
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
        used = [f"{key}.{name}" for key, lines in added.items() for name in lines if name in value[key]]
        merged = {**value, **{key: {**value[key], **lines} for key, lines in added.items()}}
    except (ValidationError, KeyError, TypeError):
        return value
    if used:
        raise ValueError(f"components: rows get names that are already used: {', '.join(used)}; rename them")
    return merged
