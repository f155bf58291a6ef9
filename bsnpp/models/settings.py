"""Settings of the proposal generators, and the registry that finds them by their architecture.

A generator consists of a subclass of `ProposalSettings` in this file, and of the network that the subclass
names. The defaults are the paper's.
"""

from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self, Union

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from bsnpp.core.grid import ProposalGrid, whole_cells
from bsnpp.core.settings import Settings

ARCHITECTURES: dict[str, type["ProposalSettings"]] = {}
"""The settings class of every architecture; a subclass of `ProposalSettings` adds itself."""


class MatchingSettings(Settings):
    """The boundary-matching layer of every generator (BMN section 3.2; paper section 3.3)."""

    bins: int = Field(32, ge=1, description="N, positions sampled in each proposal")
    samples_per_bin: int = Field(3, ge=1, description="Linear samples averaged at each position")
    context: float = Field(
        0.5, ge=0, description="Range sampled beyond either edge of a proposal [share of its length]"
    )
    sampling: Literal["cells", "jjboy", "mmaction2"] = Field(
        "cells",
        description="Position of samples: spread over the cells of a proposal, or as in public BMN weights",
    )
    input_channels: int = Field(128, ge=1, description="Channels of the sampled sequence")
    filters: int = Field(512, ge=1, description="Filters over the N positions")


class ProposalSettings(Settings):
    """Settings that all generators share: the base module and the set of proposals.

    Subclasses declare a key `architecture`, a literal with a default that names them in a configuration.

    Attributes
    ----------
    network : str
        Subclass of `bsnpp.models.base.Generator` that these settings describe, as "module:class". It is
        imported only when a network is built, so that settings need no torch.
    resamples : bool
        Whether the losses sample proposals by their label `iou` and `training.resampling.method`.
    """

    network: ClassVar[str]
    resamples: ClassVar[bool] = False

    base_channels: int = Field(256, ge=1, description="Filters of the two base convolutions")
    groups: int = Field(
        1, ge=1, description="Groups of the base convolutions (BMN: also of the boundary convolutions)"
    )
    dropout: float = Field(
        0.0, ge=0, lt=1, description="Dropout rate after the base module in training (not in the paper)"
    )
    matching: MatchingSettings = MatchingSettings()
    max_duration: float = Field(
        1.0,
        gt=0,
        le=1,
        description="Longest proposal, D / T [share of the video] (paper: D = T)",
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        name = cls.model_fields["architecture"].default
        if name in ARCHITECTURES:
            raise ValueError(f"{ARCHITECTURES[name].__name__} has the architecture {name} already")
        ARCHITECTURES[name] = cls

    @model_validator(mode="after")
    def _groups_divide(self) -> Self:
        if self.base_channels % self.groups:
            raise ValueError(f"{self.groups} groups do not divide {self.base_channels} base channels")
        return self

    @classmethod
    def network_module(cls) -> str:
        """Return the module of the network."""
        return cls.network.partition(":")[0]

    def grid(self, scale: int) -> ProposalGrid:
        """Return the proposals of T = `scale` cells: D = max_duration x T, rounded down, and at least 1."""
        return ProposalGrid(scale, max(1, whole_cells(self.max_duration, scale)))


class BSNPPSettings(ProposalSettings):
    """BSN++ (paper section 3.3)."""

    network: ClassVar[str] = "bsnpp.models.bsnpp:BSNPP"
    resamples: ClassVar[bool] = True

    architecture: Literal["bsnpp"] = "bsnpp"
    boundary_channels: int = Field(512, ge=1, description="Filters of each node of the nested U-Net")
    nested_skips: bool = Field(
        True, description="Dense skip connections of the nested U-Net; otherwise a plain U-Net with one head"
    )
    deep_supervision: bool = Field(True, description="Supervise both outputs of the nested U-Net")
    relation_channels: int = Field(128, ge=1, description="Channels of the proposal relation block")
    position_attention: bool = Field(True, description="Use the position-aware branch (Eq. 3)")
    channel_attention: bool = Field(True, description="Use the channel-aware branch")
    scaled_energies: bool = Field(
        False,
        description="Divide the energies of Eq. 3 by the square root of the channels, as in transformers",
    )
    channel_energies: Literal["mean", "sum"] = Field(
        "mean",
        description="Energy of two channels: mean of their products over the proposals, or their sum, which "
        "grows with T",
    )
    boundary_head: Literal["last", "mean"] = Field(
        "last",
        description="Boundary head at inference: the last of the nested U-Net, or the mean of both",
    )
    confidence_branch: Literal["mean", "last"] = Field(
        "mean",
        description="Confidence maps at inference: the mean over all branches, or those of the last",
    )
    bidirectional: bool = Field(
        True, description="Fuse the boundaries of a forward and a backward pass at inference (Eq. 1)"
    )


class BMNSettings(ProposalSettings):
    """BMN as published, with 128 channels into the matching layer."""

    network: ClassVar[str] = "bsnpp.models.bmn:BMN"

    architecture: Literal["bmn"] = "bmn"
    groups: int = Field(4, ge=1, description="Groups of the base and boundary convolutions")
    confidence_channels: int = Field(128, ge=1, description="Channels of the confidence convolutions")
    maps: Literal["valid", "duration_start", "start_end"] = Field(
        "valid",
        description="Input of the 3 x 3 convolutions: valid cells, with 0 elsewhere; or, as public weights "
        "expect it, whole maps with these axes, whose invalid cells hold the response to empty features",
    )
    end_offset: Literal[0, 1] = Field(
        0,
        description="Offset of the end probability from the last cell of a proposal [cells] (public "
        "weights: 1)",
    )


class _ByArchitecture:
    """Make pydantic choose among `ARCHITECTURES` when a value is validated, not when a class is defined."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(parse_generator)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(_union(tuple(ARCHITECTURES.values())).core_schema)


GeneratorSettings = Annotated[ProposalSettings, _ByArchitecture()]
"""Type of a key that holds the settings of any generator; its `architecture` selects the class."""


def parse_generator(value: Any) -> ProposalSettings:
    """Validate the settings of one generator.

    Parameters
    ----------
    value : dict or ProposalSettings
        With the key `architecture`.

    Raises
    ------
    ValidationError
        If the architecture is missing or unknown, or a key is wrong.
    """
    return _union(tuple(ARCHITECTURES.values())).validate_python(value)


@cache
def _union(classes: tuple[type[ProposalSettings], ...]) -> TypeAdapter[ProposalSettings]:
    """Return the union of some settings classes, discriminated by `architecture`."""
    union: Any = Annotated[Union[classes], Field(discriminator="architecture")]  # noqa: UP007
    return TypeAdapter(union)
