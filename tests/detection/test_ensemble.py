"""The parts of an ensemble are calibrated on validation, joined and suppressed."""

import numpy as np
import pandas as pd
import pytest

from bsnpp.core.calibration import UNCHANGED, Calibration
from bsnpp.detection.calibration import CALIBRATIONS, calibrated
from bsnpp.detection.ensemble_settings import EnsembleSettings
from bsnpp.detection.merging import merge_parts
from bsnpp.detection.merging_settings import MergingSettings
from bsnpp.detection.per_label import suppress_per_label
from tests.detection.ensembles import INSTANCES, ensemble

CALIBRATED = pytest.mark.parametrize("how", ["rank", "isotonic"])


@CALIBRATED
def test_a_single_generator_keeps_its_scores_without_ground_truth(how: str) -> None:
    alone, settings = ensemble(1), EnsembleSettings(ensemble=how)
    assert alone.calibrations(alone.candidates(settings), settings, None) == [UNCHANGED]


@CALIBRATED
@pytest.mark.parametrize(("generators", "external"), [(2, 0), (1, 1)])
def test_several_parts_are_calibrated_on_the_ground_truth(how: str, generators: int, external: int) -> None:
    several, settings = ensemble(generators, external), EnsembleSettings(ensemble=how)
    calibrations = several.calibrations(several.candidates(settings), settings, INSTANCES)
    assert len(calibrations) == 2
    assert all(calibration is not UNCHANGED for calibration in calibrations[:generators])
    with pytest.raises(ValueError, match="ground truth of validation"):
        several.calibrations(several.candidates(settings), settings, None)


def test_tables_contain_the_best_of_each_video_in_seconds() -> None:
    several, settings = ensemble(2), EnsembleSettings(per_video=3, ensemble="rank")
    candidates = list(several.candidates(settings))
    calibrations = several.calibrations(candidates, settings, INSTANCES)
    (video,) = candidates
    kept = suppress_per_label(several.join(video, settings, calibrations), settings.nms, 3)
    table, plain = several.tables(iter(candidates), settings, calibrations)
    assert list(table["score"]) == list(kept.scores) and set(table["label"]) == {"a"}
    np.testing.assert_array_equal(table[["start", "end"]], 10 * kept.segments)
    assert len(plain) == 3 and set(plain["video"]) == {"v"} and "label" not in plain
    assert plain["score"].max() == max(part.scores.max() for part in video.proposals)
    pd.testing.assert_frame_equal(several.detections(candidates, settings, calibrations), table)
    pd.testing.assert_frame_equal(several.proposals(candidates, settings), plain)


def test_a_calibration_that_is_registered_from_outside_is_a_value_of_the_settings_and_is_fitted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(CALIBRATIONS, "halve", lambda scores, tiou: Calibration(np.ones(1), np.full(1, 0.5)))
    several, settings = ensemble(2), EnsembleSettings(ensemble="halve")
    (video,) = several.candidates(settings)
    calibrations = several.calibrations([video], settings, INSTANCES)
    plain = several.join(video, settings, [UNCHANGED] * 2)
    np.testing.assert_allclose(several.join(video, settings, calibrations).scores, plain.scores / 2)
    schema = EnsembleSettings.model_json_schema()["properties"]["ensemble"]
    assert schema["enum"] == ["concatenate", "rank", "isotonic", "halve"]


def test_parts_are_merged_after_calibration_and_a_single_part_is_not() -> None:
    merging = MergingSettings(tiou=0.3)
    plain, merged = EnsembleSettings(ensemble="rank"), EnsembleSettings(ensemble="rank", merging=merging)
    several = ensemble(2)
    (video,) = several.candidates(plain)
    calibrations = several.calibrations([video], plain, INSTANCES)
    parts = [
        calibrated(part, calibration)
        for part, calibration in zip(several.parts(video, plain), calibrations, strict=True)
    ]
    joined, expected = several.join(video, merged, calibrations), merge_parts(parts, merging)
    assert len(joined) < len(several.join(video, plain, calibrations))
    for name in ("segments", "scores", "labels"):
        np.testing.assert_array_equal(getattr(joined, name), getattr(expected, name))
    alone = ensemble(1)
    (video,) = alone.candidates(plain)
    one, other = (alone.join(video, settings, [UNCHANGED]) for settings in (plain, merged))
    np.testing.assert_array_equal(one.segments, other.segments)


def test_proposals_are_not_merged() -> None:
    plain, merged = EnsembleSettings(), EnsembleSettings(merging=MergingSettings(tiou=0.3))
    several = ensemble(2)
    (video,) = several.candidates(plain)
    np.testing.assert_array_equal(
        several.propose(video, plain).segments, several.propose(video, merged).segments
    )
