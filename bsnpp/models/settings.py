"""Settings of the two proposal generators; the defaults are the paper's."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bsnpp.core.grid import ProposalGrid, whole_cells
from bsnpp.core.settings import Settings


class MatchingSettings(Settings):
    """The boundary-matching layer, shared by both generators (BMN section 3.2; paper section 3.3)."""

    bins: int = Field(32, ge=1, description="N, sampled positions of a proposal")
    samples_per_bin: int = Field(3, ge=1, description="linear samples averaged in each position")
    context: float = Field(
        0.5, ge=0, description="share of a proposal's length that is sampled beyond either edge"
    )
    sampling: Literal["cells", "jjboy", "mmaction2"] = Field(
        "cells",
        description="where samples lie: spread over a proposal's cells; or the points of public BMN weights",
    )
    input_channels: int = Field(128, ge=1, description="channels of the sequence that is sampled")
    filters: int = Field(512, ge=1, description="filters over the N positions")


class ProposalSettings(Settings):
    """What both generators have: their base and the proposals that they score."""

    base_channels: int = Field(256, ge=1, description="filters of the two base convolutions")
    groups: int = Field(
        1, ge=1, description="groups of the base convolutions (BMN: and of the boundary ones)"
    )
    dropout: float = Field(
        0.0, ge=0, lt=1, description="share of the base module's outputs dropped in training (not published)"
    )
    matching: MatchingSettings = MatchingSettings()
    max_duration: float = Field(
        1.0,
        gt=0,
        le=1,
        description="longest proposal as a share of the video: D is that share of T (paper: D = T)",
    )

    @model_validator(mode="after")
    def _groups_divide(self) -> Self:
        if self.base_channels % self.groups:
            raise ValueError(f"{self.groups} groups do not divide {self.base_channels} base channels")
        return self

    def grid(self, scale: int) -> ProposalGrid:
        """The proposals of `scale` cells: D = max_duration x T, rounded down, and at least 1."""
        return ProposalGrid(scale, max(1, whole_cells(self.max_duration, scale)))


class BSNPPSettings(ProposalSettings):
    """BSN++ (paper section 3.3)."""

    architecture: Literal["bsnpp"] = "bsnpp"
    boundary_channels: int = Field(512, ge=1, description="filters of each node of the nested U-Net")
    relation_channels: int = Field(128, ge=1, description="channels of the proposal relation block")
    position_attention: bool = Field(True, description="use the position-aware branch (Eq. 3)")
    channel_attention: bool = Field(True, description="use the channel-aware branch")
    scaled_energies: bool = Field(
        False, description="divide the energies of Eq. 3 by the root of the channels, as transformers do"
    )
    channel_energies: Literal["mean", "sum"] = Field(
        "mean",
        description="products of two channels: their mean over the proposals, or the sum, which grows with T",
    )
    boundary_head: Literal["last", "mean"] = Field(
        "last", description="at inference: the most refined head of the nested U-Net, or the mean of both"
    )
    confidence_branch: Literal["mean", "last"] = Field(
        "mean", description="at inference: the mean of all branches' maps, or that of the last branch alone"
    )
    bidirectional: bool = Field(
        True, description="at inference, fuse a forward and a backward pass over the boundaries (Eq. 1)"
    )


class BMNSettings(ProposalSettings):
    """BMN as published, with 128 channels into the matching layer."""

    architecture: Literal["bmn"] = "bmn"
    groups: int = Field(4, ge=1, description="groups of the base and boundary convolutions")
    confidence_channels: int = Field(128, ge=1, description="channels of the confidence convolutions")
    maps: Literal["valid", "duration_start", "start_end"] = Field(
        "valid",
        description="what the 3 x 3 convolutions see: valid cells and 0 elsewhere; or, as in public weights, "
        "whole maps, whose other cells hold what the layers make of no features, with these axes",
    )
    end_offset: Literal[0, 1] = Field(
        0, description="cells after a proposal's last one at which its end is read (public weights: 1)"
    )


GeneratorSettings = BSNPPSettings | BMNSettings
