"""Fused maps of one generator, for videos of one scale."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.calibration import Calibration
from bsnpp.fusion.blend import fuse
from bsnpp.fusion.blend_settings import BlendSettings
from bsnpp.inference.predict import predict_maps
from bsnpp.models.base import Generator
from bsnpp.models.compute import ComputeSettings


@dataclass(frozen=True)
class Member:
    """A model of a blend, its encoder, and the weight of its maps."""

    encoder: str
    weight: float
    model: Generator


@dataclass(frozen=True)
class Blend:
    """A generator: the members of its blend by name, the score of its proposals, and their calibration."""

    score: str
    calibration: Calibration
    members: Mapping[str, Member]

    def fused_maps(
        self, features: Mapping[str, np.ndarray], fusion: BlendSettings, compute: ComputeSettings
    ) -> tuple[np.ndarray, np.ndarray, ProposalGrid]:
        """Predict the maps of every member and fuse them.

        Parameters
        ----------
        features : mapping of str to np.ndarray
            Rescaled features of n videos by encoder: float32 (n, C, T).
        fusion : BlendSettings
            How maps are fused.
        compute : ComputeSettings
            Device and precision.

        Returns
        -------
        boundary : np.ndarray
            Start and end probabilities, float32 (n, 2, T).
        maps : np.ndarray
            Boundary, classification and regression maps, float32 (n, 3, V).
        grid : ProposalGrid
            T cells, D durations.
        """
        maps = {
            name: predict_maps(member.model, features[member.encoder], compute.device, compute.precision)
            for name, member in self.members.items()
        }
        weights = {name: member.weight for name, member in self.members.items()}
        scale = next(iter(features.values())).shape[-1]
        grid = next(iter(self.members.values())).model.settings.grid(scale)
        return *fuse(maps, weights, grid, fusion.maps), grid
