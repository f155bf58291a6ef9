"""The ensemble methods are calibrated on the first subset and evaluated on every subset."""

import numpy as np
import pytest

from bsnpp.detection.comparison import ComparedSubset, compare_methods
from bsnpp.detection.ensemble_settings import EnsembleSettings
from bsnpp.evaluation.detection import evaluate_detections
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.reporting.comparison import comparison_table
from tests.detection.ensembles import INSTANCES, ensemble

EVALUATION = EvaluationSettings(tiou_thresholds=(0.3, 0.5), bootstrap_resamples=20)


def test_calibrations_of_the_first_subset_are_evaluated_on_all() -> None:
    validation, testing = ensemble(2), ensemble(2, scale=9)
    subsets = [
        ComparedSubset(name, one, INSTANCES, {"v": "v"})
        for name, one in (("validation", validation), ("testing", testing))
    ]
    scores, resampled = compare_methods(subsets, EnsembleSettings(), EVALUATION, 0)
    names = ["validation", "testing"]
    assert list(scores) == [(how, name) for how in ("concatenate", "rank", "isotonic") for name in names]
    assert {one.shape for one in resampled.values()} == {(20, 2)} and set(resampled) == set(scores)
    for how in ("concatenate", "rank", "isotonic"):
        settings = EnsembleSettings(ensemble=how)
        calibrations = validation.calibrations(validation.candidates(settings), settings, INSTANCES)
        table = testing.detections(testing.candidates(settings), settings, calibrations)
        expected = evaluate_detections(INSTANCES, table, EVALUATION.tiou_thresholds)
        np.testing.assert_array_equal(scores[how, "testing"].map, expected.map)


def test_a_subset_without_an_instance_is_not_scored() -> None:
    empty = INSTANCES.iloc[:0]
    subsets = [
        ComparedSubset("validation", ensemble(2), empty, {"v": "v"}),
        ComparedSubset("testing", ensemble(2, scale=9), INSTANCES, {"v": "v"}),
    ]
    with pytest.warns(UserWarning, match="no detection overlaps an annotated instance of validation"):
        scores, resampled = compare_methods(subsets, EnsembleSettings(), EVALUATION, 0)
    assert list(scores) == [(how, "testing") for how in ("concatenate", "rank", "isotonic")]
    np.testing.assert_array_equal(scores["rank", "testing"].map, scores["isotonic", "testing"].map)
    assert len(comparison_table(scores, resampled, "concatenate")) == 3
