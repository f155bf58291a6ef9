"""Files of score calibrations."""

import json
from pathlib import Path

import numpy as np
import pytest

from bsnpp.core.calibration import UNCHANGED
from bsnpp.core.checksums import write_checked_text
from bsnpp.core.errors import UserError
from bsnpp.detection.calibration import rank_calibration
from bsnpp.detection.calibration_files import read_calibrations, write_calibrations


def test_calibrations_read_back_give_the_same_scores(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    calibration = rank_calibration(rng.random(500), np.zeros(500))
    write_calibrations(tmp_path / "c.json", [UNCHANGED, calibration])
    same, again = read_calibrations(tmp_path / "c.json")
    assert same is UNCHANGED
    scores = rng.random(200) * 1.2
    np.testing.assert_array_equal(again(scores), calibration(scores))


@pytest.mark.parametrize(
    "content",
    [
        "text",
        [{"knots": [0.1, 0.1], "values": [0.2, 0.3]}],
        [{"knots": [0.1, 0.2], "values": [0.3, 0.2]}],
        [{"knots": [0.1, 0.2], "values": [0.3]}],
        [{"knots": [], "values": []}],
        [{"knots": [-0.1, 0.2], "values": [0.1, 0.2]}],
        [{"knots": [0.1, 0.2]}],
        [3],
    ],
)
def test_a_damaged_file_is_refused(content: object, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    write_checked_text(path, "text" if content == "text" else json.dumps(content))
    with pytest.raises(UserError, match=r"c\.json: not a file of calibrations"):
        read_calibrations(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.json: no such file"):
        read_calibrations(tmp_path / "none.json")
