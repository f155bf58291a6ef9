"""Compare the ensemble methods: calibrations are fitted on validation and evaluated on every subset."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.core.calibration import Calibration
from bsnpp.detection.calibration import CALIBRATIONS
from bsnpp.detection.ensemble import Ensemble
from bsnpp.detection.ensemble_settings import CONCATENATE, EnsembleSettings
from bsnpp.evaluation.bootstrap import bootstrap_map
from bsnpp.evaluation.detection import DetectionScores, score_matches
from bsnpp.evaluation.matching import match_detections
from bsnpp.evaluation.settings import EvaluationSettings


@dataclass(frozen=True)
class ComparedSubset:
    """A subset on which ensemble methods are compared.

    Attributes
    ----------
    name : str
        Name of the subset.
    ensemble : Ensemble
        Its generators and external detections.
    instances : DataFrame[video, start, end, label]
        Its ground truth; start and end in seconds.
    groups : mapping of str to str
        Group of each of its videos; the bootstrap draws whole groups.
    """

    name: str
    ensemble: Ensemble
    instances: pd.DataFrame
    groups: Mapping[str, str]


def compare_methods(
    subsets: Iterable[ComparedSubset], detection: EnsembleSettings, evaluation: EvaluationSettings, seed: int
) -> tuple[dict[tuple[str, str], DetectionScores], dict[tuple[str, str], np.ndarray]]:
    """Evaluate every ensemble method on every subset. Maps are decoded once for all methods.

    Parameters
    ----------
    subsets : iterable of ComparedSubset
        The first one is validation: calibrations are fitted on it. Subsets without an instance are not
        scored.
    detection : EnsembleSettings
        All keys but `ensemble`.
    evaluation : EvaluationSettings
        Keys `tiou_thresholds` and `bootstrap_resamples`.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    scores : dict of (str, str) to DetectionScores
        Scores by method and subset; the methods in their order, within each the subsets in theirs.
    resampled : dict of (str, str) to np.ndarray
        mAP of the resamples, a share: float64 (R, n_thresholds).
    """
    methods = {how: detection.model_copy(update={"ensemble": how}) for how in (CONCATENATE, *CALIBRATIONS)}
    calibrations: dict[str, list[Calibration]] = {}
    scores, resampled = {}, {}
    for subset in subsets:
        candidates = list(subset.ensemble.candidates(detection))
        for how, settings in methods.items():
            if how not in calibrations:
                calibrations[how] = subset.ensemble.calibrations(candidates, settings, subset.instances)
            if subset.instances.empty:
                continue
            table = subset.ensemble.detections(candidates, settings, calibrations[how])
            matches = match_detections(
                subset.instances, table, evaluation.tiou_thresholds, list(subset.groups)
            )
            scores[how, subset.name] = score_matches(matches)
            resampled[how, subset.name] = bootstrap_map(
                matches, evaluation.bootstrap_resamples, seed, subset.groups
            )
    order = sorted(scores, key=lambda key: list(methods).index(key[0]))
    return {key: scores[key] for key in order}, resampled
