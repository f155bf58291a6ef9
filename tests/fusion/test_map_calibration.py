"""Calibrated confidences of members: their files, and their fusion."""

import json
from pathlib import Path

import numpy as np
import pytest

from bsnpp.core.calibration import UNCHANGED, Calibration
from bsnpp.core.checksums import write_checked_text
from bsnpp.core.errors import UserError
from bsnpp.fusion.blend import fuse
from bsnpp.fusion.blend_files import fuse_files, open_members
from bsnpp.fusion.blend_settings import BlendSettings
from bsnpp.fusion.map_calibration import MapCalibration, read_map_calibrations, write_map_calibrations
from bsnpp.stores.maps import open_fused, write_maps
from tests.fusion.maps import GRID, assert_same, member

HALVED = Calibration(np.array([0.0, 1.0]), np.array([0.0, 0.5]))
STEEP = Calibration(np.array([0.2, 0.5]), np.array([0.3, 0.9]))
CALIBRATIONS = {"a": MapCalibration(HALVED, STEEP), "b": MapCalibration(UNCHANGED, UNCHANGED)}


def test_each_confidence_has_its_own_calibration() -> None:
    confidence = np.array([[[0.0, 0.5, 1.0], [0.2, 0.35, 1.0]]], np.float32)
    calibrated = CALIBRATIONS["a"](confidence)
    assert calibrated.dtype == np.float32
    np.testing.assert_allclose(calibrated[0], [[0.0, 0.25, 0.5], [0.3, 0.6, 1.0]], atol=1e-7)
    np.testing.assert_array_equal(CALIBRATIONS["b"](confidence), confidence)


def test_calibrations_read_back_give_the_same_confidences(tmp_path: Path) -> None:
    write_map_calibrations(tmp_path / "c.json", CALIBRATIONS)
    again = read_map_calibrations(tmp_path / "c.json")
    _, confidence = member(0)
    for name, calibration in CALIBRATIONS.items():
        np.testing.assert_array_equal(again[name](confidence), calibration(confidence))


@pytest.mark.parametrize(
    "content",
    [[1], {"a": None}, {"a": {"classification": None}}, {"a": {"classification": {}, "regression": None}}],
)
def test_a_damaged_file_is_refused(content: object, tmp_path: Path) -> None:
    write_checked_text(tmp_path / "c.json", json.dumps(content))
    with pytest.raises(UserError, match=r"c\.json: not a file of calibrations"):
        read_map_calibrations(tmp_path / "c.json")


def test_the_fused_file_holds_the_fusion_of_calibrated_maps(tmp_path: Path) -> None:
    held, paths, weights = {}, {}, {"a": 0.25, "b": 0.75}
    for seed, name in enumerate("ab"):
        held[name], paths[name] = member(seed), tmp_path / f"{name}.h5"
        write_maps(paths[name], GRID, ["v1", "v2", "v3", "v4"], [held[name]], "member")
    write_map_calibrations(tmp_path / "c.json", CALIBRATIONS)
    fuse_files(paths, weights, tmp_path / "fused.h5", BlendSettings(), calibrations=tmp_path / "c.json")
    changed = {name: (maps[0], CALIBRATIONS[name](maps[1])) for name, maps in held.items()}
    assert_same(
        open_fused(tmp_path / "fused.h5").read(range(4)), fuse(changed, weights, GRID, "boundary_map")
    )
    with pytest.raises(UserError, match=r"c\.json: calibrates a, b, but the members are a; delete it"):
        open_members({"a": paths["a"]}, tmp_path / "c.json")
