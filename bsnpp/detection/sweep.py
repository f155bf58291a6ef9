"""Which settings of detection are worth most: every score with every class fusion and suppression.

Maps are decoded once for each score, and labelled once for each class fusion of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from bsnpp.detection.settings import (
    NMS_PRESETS,
    DetectionSettings,
    NMSSettings,
    ScorePreset,
    SweepSettings,
    SweptScore,
)


@dataclass(frozen=True)
class Setting:
    """One row of a sweep.

    Attributes
    ----------
    score : str
        A score preset for every generator, or "own".
    class_fusion : str
    nms : str
        Name of the suppression: a preset, one of the sweep's own, or "configured".
    detection : DetectionSettings
        What that is, apart from the score.
    """

    score: SweptScore
    class_fusion: str
    nms: str
    detection: DetectionSettings

    def presets(self, own: tuple[ScorePreset, ...]) -> tuple[ScorePreset, ...]:
        """The score of each generator, whose own scores are given."""
        return own if self.score == "own" else (self.score,) * len(own)

    def is_of(self, detection: DetectionSettings) -> bool:
        """Whether these are the settings in use."""
        return self.score == "own" and self.detection == detection


def sweep_settings(detection: DetectionSettings, sweep: SweepSettings) -> Iterator[Setting]:
    """Every setting of a sweep; those of one score stand together, and there those of one class fusion.

    The settings in use are among them: where no suppression of the sweep is theirs, as "configured".
    """
    named = {name: NMSSettings.model_validate(name) for name in NMS_PRESETS} | sweep.nms
    if detection.nms not in named.values():
        named["configured"] = detection.nms
    scores = dict.fromkeys(["own", *sweep.score])
    fusions = dict.fromkeys([detection.class_fusion, *sweep.class_fusion])
    for score, fusion, (name, nms) in product(scores, fusions, named.items()):
        yield Setting(score, fusion, name, detection.model_copy(update={"class_fusion": fusion, "nms": nms}))


def overlay(
    chosen: Setting, before: DetectionSettings, weighed_by: Mapping[str, ScorePreset]
) -> dict[str, Any]:
    """A configuration to lay over the one that was swept, so that these settings are used.

    Parameters
    ----------
    chosen : Setting
    before : DetectionSettings
        Those that were swept.
    weighed_by : mapping of str to str
        Score by which encoders and classifiers are weighed, of each of the variant's generators. Their
        weights stay as they were.
    """
    keys = {"class_fusion", "nms"}
    weighing = before.weighing.model_dump(mode="json", include=keys)
    detection = chosen.detection.model_dump(mode="json", include=keys)
    result = {"detection": {**detection, **{f"weighing_{key}": weighing[key] for key in sorted(keys)}}}
    if chosen.score != "own":
        result["generators"] = {
            name: {"score": chosen.score, "weighed_by": score} for name, score in weighed_by.items()
        }
    return result
