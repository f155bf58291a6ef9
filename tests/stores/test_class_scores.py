"""Class scores of videos: files of classifiers and of panels."""

from pathlib import Path

import numpy as np
import pytest

from bsnpp.core.errors import UserError
from bsnpp.stores.class_scores import (
    ClassScores,
    read_panel_file,
    read_score_file,
    write_panel_file,
    write_score_file,
)

CLASSES = ["Archery", "Bowling", "Curling"]
VIDEOS = ["fürst", "second"]
VALUES = np.random.default_rng(0).normal(size=(2, 3))


def test_scores_are_read_as_written(tmp_path: Path) -> None:
    write_score_file(tmp_path / "a.h5", ClassScores(VIDEOS, CLASSES, VALUES))
    write_score_file(tmp_path / "b.h5", ClassScores(VIDEOS, CLASSES, VALUES))
    scores = read_score_file(tmp_path / "a.h5")
    assert (scores.videos, scores.classes) == (VIDEOS, CLASSES)
    np.testing.assert_array_equal(scores.logits, VALUES)
    assert (tmp_path / "a.h5").read_bytes() == (tmp_path / "b.h5").read_bytes()


def test_probabilities_are_read_as_written(tmp_path: Path) -> None:
    write_panel_file(tmp_path / "panel.h5", VIDEOS, CLASSES, VALUES)
    videos, classes, probability = read_panel_file(tmp_path / "panel.h5")
    assert (videos, classes) == (VIDEOS, CLASSES)
    np.testing.assert_array_equal(probability, VALUES)


def test_inconsistent_scores_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2, 3\), expected \(1, 3\)"):
        ClassScores(VIDEOS[:1], CLASSES, VALUES)


def test_missing_and_damaged_files_are_reported(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        read_score_file(tmp_path / "absent.h5")
    (tmp_path / "broken.h5").write_bytes(b"not HDF5")
    with pytest.raises(UserError, match=r"broken\.h5: damaged .*remove it and run again"):
        read_score_file(tmp_path / "broken.h5")
    write_panel_file(tmp_path / "panel.h5", VIDEOS, CLASSES, VALUES)
    with pytest.raises(UserError, match=r"panel\.h5: not a file of class scores"):
        read_score_file(tmp_path / "panel.h5")
