"""Class scores of snippets: rows of each video, checks, and files."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import softmax

from bsnpp.core.errors import UserError
from bsnpp.stores.snippet_scores import SnippetScores, read_snippet_scores, write_snippet_scores

CLASSES = ["background", "run", "walk"]
LOGITS = np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32)
SCORES = SnippetScores(["b", "a"], np.array([4, 3]), CLASSES, LOGITS, 0.4)


def test_every_video_has_its_own_rows() -> None:
    np.testing.assert_allclose(SCORES.probability_of("b"), softmax(LOGITS[:4], axis=1), rtol=1e-6)
    np.testing.assert_allclose(SCORES.probability_of("a"), softmax(LOGITS[4:], axis=1), rtol=1e-6)
    assert SCORES.probability_of("a").dtype == np.float64
    with pytest.raises(KeyError):
        SCORES.probability_of("c")


def test_inconsistent_scores_are_refused() -> None:
    with pytest.raises(ValueError, match="expected"):
        replace(SCORES, lengths=np.array([4, 4]))
    with pytest.raises(ValueError, match="first class"):
        replace(SCORES, classes=["run", "background", "walk"])
    with pytest.raises(ValueError, match="above 0"):
        replace(SCORES, snippet_seconds=0.0)


def test_scores_are_read_as_written(tmp_path: Path) -> None:
    write_snippet_scores(tmp_path / "a.h5", SCORES)
    write_snippet_scores(tmp_path / "b.h5", SCORES)
    assert (tmp_path / "a.h5").read_bytes() == (tmp_path / "b.h5").read_bytes()
    read = read_snippet_scores(tmp_path / "a.h5")
    assert (read.videos, read.classes, read.snippet_seconds) == (["b", "a"], CLASSES, 0.4)
    assert read.logits.dtype == np.float32
    np.testing.assert_array_equal(read.logits, LOGITS)
    np.testing.assert_array_equal(read.lengths, [4, 3])


def test_missing_and_damaged_files_are_reported(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        read_snippet_scores(tmp_path / "none.h5")
    (tmp_path / "text.h5").write_text("not HDF5")
    with pytest.raises(UserError, match=r"text\.h5: damaged .*remove it and run again"):
        read_snippet_scores(tmp_path / "text.h5")
