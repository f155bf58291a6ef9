"""Settings of the two proposal generators; the defaults are the paper's."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bsnpp.settings import Settings


class MatchingSettings(Settings):
    """The boundary-matching layer, shared by both generators (BMN section 3.2; paper section 3.3)."""

    bins: int = Field(32, ge=1, description="N, sampled positions of a proposal")
    samples_per_bin: int = Field(3, ge=1, description="linear samples averaged in each position")
    context: float = Field(
        0.5, ge=0, description="share of a proposal's length that is sampled beyond either edge"
    )
    input_channels: int = Field(128, ge=1, description="channels of the sequence that is sampled")
    filters: int = Field(512, ge=1, description="filters over the N positions")


class BSNPPSettings(Settings):
    """BSN++ (paper section 3.3)."""

    architecture: Literal["bsnpp"] = "bsnpp"
    base_channels: int = Field(256, ge=1, description="filters of the two base convolutions")
    dropout: float = Field(
        0.0, ge=0, lt=1, description="share of the base module's outputs dropped in training (not published)"
    )
    boundary_channels: int = Field(512, ge=1, description="filters of each node of the nested U-Net")
    matching: MatchingSettings = MatchingSettings()
    relation_channels: int = Field(128, ge=1, description="channels of the proposal relation block")
    position_attention: bool = Field(True, description="use the position-aware branch (Eq. 3)")
    channel_attention: bool = Field(True, description="use the channel-aware branch")
    bidirectional: bool = Field(
        True, description="at inference, fuse a forward and a backward pass over the boundaries (Eq. 1)"
    )


class BMNSettings(Settings):
    """BMN as published, with 128 channels into the matching layer."""

    architecture: Literal["bmn"] = "bmn"
    base_channels: int = Field(256, ge=1, description="filters of the base convolutions")
    groups: int = Field(4, ge=1, description="groups of the base and boundary convolutions")
    dropout: float = Field(
        0.0, ge=0, lt=1, description="share of the base module's outputs dropped in training (not published)"
    )
    matching: MatchingSettings = MatchingSettings()
    confidence_channels: int = Field(128, ge=1, description="channels of the confidence convolutions")

    @model_validator(mode="after")
    def _groups_divide(self) -> Self:
        if self.base_channels % self.groups:
            raise ValueError(f"{self.groups} groups do not divide {self.base_channels} base channels")
        return self


GeneratorSettings = BSNPPSettings | BMNSettings
