"""Calibrations of maps equal isotonic regressions over all proposals of validation."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.isotonic import IsotonicRegression

from bsnpp.core.calibration import UNCHANGED
from bsnpp.core.grid import ProposalGrid
from bsnpp.detection import map_fitting
from bsnpp.detection.map_fitting import EXACT, fit_map_calibrations
from bsnpp.models.labels import confidence_labels
from bsnpp.stores.maps import ProposalMaps, open_member, write_maps
from bsnpp.training.instances import instances_by_video

GRID = ProposalGrid(8)
VIDEOS = pd.DataFrame({"video": ["a", "b", "c"], "extent": [10.0, 20.0, 40.0]})
INSTANCES = pd.DataFrame({"video": ["a", "b", "b"], "start": [0.0, 5.0, 10.0], "end": [5.0, 12.5, 20.0]})


def labels(videos: pd.DataFrame = VIDEOS) -> np.ndarray:
    """Return the tIoU of all proposals of all videos."""
    annotated = instances_by_video(videos, INSTANCES)
    return np.stack([confidence_labels(annotated[video].segments, GRID) for video in videos["video"]])


def maps(path: Path, confidence: np.ndarray) -> dict[str, ProposalMaps]:
    """Write the map file of one member."""
    boundary = np.zeros((len(VIDEOS), 2, GRID.scale), np.float32)
    write_maps(path, GRID, list(VIDEOS["video"]), [(boundary, confidence)], "member")
    return {"one": open_member(path)}


def random_confidence() -> np.ndarray:
    """Return confidences in the steps of float16, noisy functions of the tIoU: float32 (3, 2, V)."""
    rng, tiou = np.random.default_rng(0), labels()
    return (0.7 * tiou[:, None] + 0.3 * rng.random((3, 2, len(GRID)))).astype(np.float16).astype(np.float32)


@pytest.mark.parametrize("batch", [1, 2, 32])
def test_equals_isotonic_regressions_over_all_proposals(
    batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_fitting, "BATCH", batch)
    monkeypatch.setattr(map_fitting, "LEAST", 1)
    confidence, tiou = random_confidence(), labels()
    fitted = fit_map_calibrations(maps(tmp_path / "m.h5", confidence), VIDEOS, INSTANCES)["one"]
    channels = zip((fitted.classification, fitted.regression), (tiou > EXACT, tiou), strict=True)
    for channel, (calibration, target) in enumerate(channels):
        scores = confidence[:, channel].ravel().astype(np.float64)
        levels = IsotonicRegression().fit_transform(scores, target.ravel().astype(np.float64))
        levels = np.where(levels > 1e-9, levels, np.nan)  # a block of value 0 is left out
        for knot, value in zip(calibration.knots, calibration.values, strict=True):
            block = np.abs(levels - value) < 1e-9
            assert block.any() and knot == pytest.approx(scores[block].mean(), abs=1e-9)
        assert len(calibration.values) == len(np.unique(levels[~np.isnan(levels)].round(9)))


def test_no_confidence_above_0_becomes_0_and_the_order_is_kept(tmp_path: Path) -> None:
    confidence = random_confidence()
    fitted = fit_map_calibrations(maps(tmp_path / "m.h5", confidence), VIDEOS, INSTANCES)["one"]
    rising = np.linspace(0.001, 1.0, 500, dtype=np.float32)
    both = fitted(np.stack([rising, rising])[None])[0]
    assert (both > 0).all() and (np.diff(both) >= 0).all()


@pytest.mark.parametrize("least", [2, 7, 1000])
def test_every_value_is_the_mean_of_several_proposals(
    least: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proposals in the order of their confidences are cut into groups, the last one with what is left."""
    monkeypatch.setattr(map_fitting, "LEAST", least)
    rng, tiou = np.random.default_rng(1), labels()
    distinct = rng.permutation(tiou.size).reshape(tiou.shape) / np.float32(tiou.size)
    files = maps(tmp_path / "m.h5", np.stack([distinct, distinct], axis=1))
    fitted = fit_map_calibrations(files, VIDEOS, INSTANCES)["one"]
    values = tiou.ravel()[np.argsort(distinct, axis=None)]
    count = max(len(values) // least, 1)
    groups = np.split(values, [least * (1 + group) for group in range(count - 1)])
    sizes = [len(group) for group in groups]
    levels = IsotonicRegression().fit_transform(
        np.arange(count), [group.mean() for group in groups], sample_weight=sizes
    )
    expected = np.unique(levels[levels > 0].round(6))
    np.testing.assert_allclose(fitted.regression.values, expected, atol=1e-6)


def test_a_regression_that_is_right_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_fitting, "LEAST", 1)
    tiou = labels().astype(np.float16).astype(np.float32)
    fitted = fit_map_calibrations(maps(tmp_path / "m.h5", np.stack([tiou, tiou], axis=1)), VIDEOS, INSTANCES)
    assert fitted["one"](np.stack([tiou, tiou], axis=1))[:, 1] == pytest.approx(tiou, abs=1e-3)


def test_padding_does_not_count(tmp_path: Path) -> None:
    """Confidences of proposals in the padding have no influence."""
    windows = VIDEOS.assign(covered=[10.0, 20.0, 20.0])
    confidence = random_confidence()
    before = fit_map_calibrations(maps(tmp_path / "m.h5", confidence), windows, INSTANCES)["one"]
    confidence[2, :, GRID.end_cell >= 4] = 1.0
    after = fit_map_calibrations(maps(tmp_path / "n.h5", confidence), windows, INSTANCES)["one"]
    for one, other in ((before.classification, after.classification), (before.regression, after.regression)):
        np.testing.assert_array_equal(one.knots, other.knots)
        np.testing.assert_array_equal(one.values, other.values)


def test_without_instances_confidences_stay(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    fitted = fit_map_calibrations(maps(tmp_path / "m.h5", random_confidence()), VIDEOS, INSTANCES[:0])["one"]
    assert fitted.classification is UNCHANGED and fitted.regression is UNCHANGED
    assert (
        "one: no validation proposal above a tIoU of 0.9, so the classification of no member" in caplog.text
    )


def test_a_member_without_exact_proposals_leaves_all_classifications(tmp_path: Path) -> None:
    """It lacks the videos with instances, so that the confidences of the others would not be comparable."""
    boundary, confidence = np.zeros((3, 2, GRID.scale), np.float32), random_confidence()
    write_maps(tmp_path / "all.h5", GRID, ["a", "b", "c"], [(boundary, confidence)], "member")
    write_maps(tmp_path / "last.h5", GRID, ["c"], [(boundary[2:], confidence[2:])], "member")
    files = {name: open_member(tmp_path / f"{name}.h5") for name in ("all", "last")}
    for fitted in fit_map_calibrations(files, VIDEOS, INSTANCES).values():
        assert fitted.classification is UNCHANGED and fitted.regression is UNCHANGED
