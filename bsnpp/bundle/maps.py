"""Fused maps of one generator, for videos of one scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bsnpp.core.calibration import Calibration
from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.calibration import calibrated
from bsnpp.detection.candidates import Candidates
from bsnpp.detection.ensemble_settings import EnsembleSettings
from bsnpp.detection.merging import join_parts
from bsnpp.detection.scored_segments import Detections
from bsnpp.fusion.blend import fuse
from bsnpp.fusion.blend_settings import BlendSettings
from bsnpp.fusion.map_calibration import MapCalibration
from bsnpp.inference.predict import predict_maps
from bsnpp.models.base import Generator
from bsnpp.models.compute import ComputeSettings


@dataclass(frozen=True)
class Member:
    """A model of a blend, its encoder, the weight of its maps, and the calibration of its confidences."""

    encoder: str
    weight: float
    model: Generator
    calibration: MapCalibration | None = None

    def maps(
        self, features: np.ndarray, compute: ComputeSettings, reversal: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """Predict the maps of n videos (n, C, T) and calibrate them; see `predict_maps`."""
        boundary, confidence = predict_maps(self.model, features, compute.device, compute.precision, reversal)
        return boundary, self.calibration(confidence) if self.calibration else confidence


@dataclass(frozen=True)
class Blend:
    """A generator: the members of its blend by name, the score of its proposals, and their calibration."""

    score: str
    calibration: Calibration
    members: Mapping[str, Member]

    def fused_maps(
        self,
        features: Mapping[str, np.ndarray],
        fusion: BlendSettings,
        compute: ComputeSettings,
        reversal: bool,
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
        reversal : bool
            Whether to average the maps with those of the reversed videos.

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
            name: member.maps(features[member.encoder], compute, reversal)
            for name, member in self.members.items()
        }
        weights = {name: member.weight for name, member in self.members.items()}
        scale = next(iter(features.values())).shape[-1]
        grid = next(iter(self.members.values())).model.settings.grid(scale)
        return *fuse(maps, weights, grid, fusion.maps), grid


def joined(blends: Sequence[Blend], candidates: Candidates, settings: EnsembleSettings) -> Detections:
    """Label the proposals of each generator, calibrate their scores, and join them."""
    parts = zip(blends, candidates.labelled(settings), strict=True)
    return join_parts([calibrated(part, blend.calibration) for blend, part in parts], settings.merging)
