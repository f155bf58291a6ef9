"""Files of evaluations: scores and resampled mAP."""

from pathlib import Path

import numpy as np
import pytest

from bsnpp.core.errors import UserError
from bsnpp.stores.evaluations import read_evaluation, read_resamples, write_evaluation, write_resamples


def test_an_evaluation_is_read_as_written(tmp_path: Path) -> None:
    evaluation = {"variant": "A", "subset": "testing", "map": [0.1, 1 / 3], "further_map": None}
    write_evaluation(tmp_path / "scores.json", evaluation)
    assert read_evaluation(tmp_path / "scores.json") == evaluation


def test_resamples_are_read_as_written(tmp_path: Path) -> None:
    resamples = np.array([[0.1, np.nan], [1 / 3, 0.0]])
    write_resamples(tmp_path / "resamples.npy", resamples)
    np.testing.assert_array_equal(read_resamples(tmp_path / "resamples.npy"), resamples)


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"map": []}'])
def test_a_missing_or_damaged_file_is_reported(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "file"
    if content is not None:
        path.write_text(content)
    for read in (read_evaluation, read_resamples):
        with pytest.raises(UserError, match=r"file: .*run( again|.* the stage that writes it)"):
            read(path)
