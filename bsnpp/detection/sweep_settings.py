"""Settings of the sweep over detection settings."""

from typing import Annotated, get_args

from pydantic import Field

from bsnpp.core.registry import KeyOf
from bsnpp.core.settings import Name, Settings
from bsnpp.detection.labelling_settings import ClassFusion
from bsnpp.detection.merging_settings import MergingSettings
from bsnpp.detection.scores import SCORES
from bsnpp.detection.suppression.settings import NMSSettings

OWN = "own"
"""Replaces the name of a score by the configured score of each generator in a sweep."""

SweptScore = Annotated[str, KeyOf(SCORES, OWN)]
"""Name of one proposal score for all generators, or `OWN`."""


class SweepSettings(Settings):
    """Grid of detection settings to compare on validation: all combinations, and the settings in use."""

    score: tuple[SweptScore, ...] = Field(
        (OWN, *SCORES),
        min_length=1,
        description="Scores of proposals. own: the configured score of each generator; others as "
        "`detection.score`, for all generators",
    )
    class_fusion: tuple[ClassFusion, ...] = Field(
        get_args(ClassFusion), min_length=1, description="Class fusions, as `detection.class_fusion`"
    )
    nms: dict[Name, NMSSettings] = Field(
        {}, description="Further suppressions by name; the presets are always compared"
    )
    merging: dict[Name, MergingSettings] = Field(
        {},
        description="Mergings by name, compared with the configured one, and with none if one is configured",
    )
