"""Compare settings of detection on validation: every score with every class fusion and suppression.

Maps are decoded once per score, and labelled once per score and class fusion.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product
from typing import Any

import pandas as pd

from bsnpp.detection.ensemble import Ensemble
from bsnpp.detection.per_label import suppress_per_label
from bsnpp.detection.settings import DetectionSettings
from bsnpp.detection.suppression.settings import NMS_PRESETS, NMSSettings
from bsnpp.detection.sweep_settings import OWN, SweepSettings
from bsnpp.detection.tables import detections_table
from bsnpp.evaluation.detection import DetectionScores, evaluate_detections
from bsnpp.reporting.comparison import map_columns


@dataclass(frozen=True)
class SweptSetting:
    """One combination of a sweep.

    Attributes
    ----------
    score : str
        Name of the score for all generators, or `OWN`.
    class_fusion : str
        Class fusion.
    nms : str
        Name of the suppression: a preset, one of `SweepSettings.nms`, or "configured"; then the name of the
        merging before it, unless that is the configured one.
    detection : DetectionSettings
        The settings of this combination, except for the score.
    """

    score: str
    class_fusion: str
    nms: str
    detection: DetectionSettings

    def scores(self, own: Sequence[str]) -> Sequence[str]:
        """Name the score of each generator, given the configured ones."""
        return own if self.score == OWN else (self.score,) * len(own)

    def equals(self, detection: DetectionSettings) -> bool:
        """Return whether this combination is the configured one."""
        return self.score == OWN and self.detection == detection


def sweep_settings(detection: DetectionSettings, sweep: SweepSettings) -> Iterator[SweptSetting]:
    """List all combinations of a sweep, grouped by score, by class fusion, then by merging.

    The configured settings are among them. If no other suppression equals the configured one, it is listed
    under the name "configured".
    """
    named = {name: NMSSettings.model_validate(name) for name in NMS_PRESETS} | sweep.nms
    if detection.nms not in named.values():
        named["configured"] = detection.nms
    scores = dict.fromkeys([OWN, *sweep.score])
    fusions = dict.fromkeys([detection.class_fusion, *sweep.class_fusion])
    mergings = {"": detection.merging, **{f" after {name}": one for name, one in sweep.merging.items()}}
    if detection.merging is not None:
        mergings[" without merging"] = None
    for score, fusion, (after, merging), (name, nms) in product(
        scores, fusions, mergings.items(), named.items()
    ):
        changed = detection.model_copy(update={"class_fusion": fusion, "nms": nms, "merging": merging})
        yield SweptSetting(score, fusion, f"{name}{after}", changed)


def run_sweep(
    ensemble: Ensemble,
    combinations: Iterable[SweptSetting],
    instances: pd.DataFrame,
    thresholds: Sequence[float],
) -> list[tuple[SweptSetting, DetectionScores]]:
    """Evaluate every combination, and sort them by average mAP, the best first.

    Parameters
    ----------
    ensemble : Ensemble
        The generators with their configured scores, and external detections.
    combinations : iterable of SweptSetting
        As `sweep_settings` lists them.
    instances : DataFrame[video, start, end, label]
        Ground truth of validation; start and end in seconds.
    thresholds : sequence of float
        tIoU thresholds over which mAP is averaged.
    """
    results = [
        (setting, evaluate_detections(instances, detections, thresholds))
        for setting, detections in _detect(ensemble, combinations, instances)
    ]
    return sorted(results, key=lambda result: -result[1].average_map)


def _detect(
    ensemble: Ensemble, combinations: Iterable[SweptSetting], instances: pd.DataFrame
) -> Iterator[tuple[SweptSetting, pd.DataFrame]]:
    """Tabulate the detections of each combination."""
    for _, of_score in groupby(combinations, lambda setting: setting.score):
        same_score = list(of_score)
        scored = replace(ensemble, scores=same_score[0].scores(ensemble.scores))
        candidates = list(scored.candidates(same_score[0].detection))
        for _, of_joined in groupby(same_score, lambda one: (one.class_fusion, one.detection.merging)):
            same_joined = list(of_joined)
            settings = same_joined[0].detection
            calibrations = scored.calibrations(candidates, settings, instances)
            joined = [(one.video, one.unit, scored.join(one, settings, calibrations)) for one in candidates]
            for setting in same_joined:
                kept = (
                    (video, unit, suppress_per_label(one, setting.detection.nms, settings.per_video))
                    for video, unit, one in joined
                )
                yield setting, detections_table(kept, ensemble.source.classes)


def sweep_table(
    results: Iterable[tuple[SweptSetting, DetectionScores]], configured: DetectionSettings
) -> pd.DataFrame:
    """Tabulate a sweep in per cent: score, class_fusion, nms, columns of mAP, and in_use.

    `in_use` marks the configured settings.
    """
    return pd.DataFrame(
        [
            {
                "score": setting.score,
                "class_fusion": setting.class_fusion,
                "nms": setting.nms,
                **map_columns(scores),
                "in_use": setting.equals(configured),
            }
            for setting, scores in results
        ]
    )


def overlay(
    chosen: SweptSetting, configured: DetectionSettings, weighed_by: Mapping[str, str]
) -> dict[str, Any]:
    """Write a combination as a configuration that overrides the swept one.

    The weights of encoders and classifiers do not change with it.

    Parameters
    ----------
    chosen : SweptSetting
        The combination.
    configured : DetectionSettings
        The settings that were swept.
    weighed_by : mapping of str to str
        Score by which encoders and classifiers are weighted, for each generator of the variant.
    """
    keys = ("class_fusion", "nms")
    detection, weighing = (
        settings.model_dump(mode="json", include=set(keys))
        for settings in (chosen.detection, configured.weighing)
    )
    section = {key: detection[key] for key in keys} | {f"weighing_{key}": weighing[key] for key in keys}
    if chosen.detection.merging != configured.merging:
        section["merging"] = chosen.detection.model_dump(mode="json", include={"merging"})["merging"]
    result: dict[str, Any] = {"detection": section}
    if chosen.score != OWN:
        result["generators"] = {
            name: {"score": chosen.score, "weighed_by": score} for name, score in weighed_by.items()
        }
    return result
