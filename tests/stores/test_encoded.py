"""Files of encoded videos."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from bsnpp.core.errors import UserError
from bsnpp.features.settings import StreamSource
from bsnpp.features.streams import open_source
from bsnpp.stores.encoded import write_encoded, write_video_scores

ATTRIBUTES = {"rate": 25.0, "seconds": 8.04, "coverage": 0.99}


def features(seed: int, snippets: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(snippets, 4)).astype(np.float32)


def test_feature_import_reads_encoded_videos(tmp_path: Path) -> None:
    path = tmp_path / "rgb.h5"
    write_encoded(path, [("a", features(0, 7), ATTRIBUTES), ("b", features(1, 1), ATTRIBUTES)])
    reader = open_source(StreamSource(name="rgb", path=str(path), channels=4))
    assert reader.missing(["a", "b", "c"]) == ["c"]
    np.testing.assert_array_equal(reader.read("a"), features(0, 7))
    np.testing.assert_array_equal(reader.read("b"), features(1, 1))
    with h5py.File(path) as file:
        assert dict(file["v_a"].attrs) == ATTRIBUTES


def test_the_same_videos_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.h5", "two.h5"):
        write_encoded(tmp_path / name, [("a", features(0, 7), ATTRIBUTES)])
    assert (tmp_path / "one.h5").read_bytes() == (tmp_path / "two.h5").read_bytes()


def test_class_logits_have_the_layout_of_outside_score_files(tmp_path: Path) -> None:
    write_video_scores(tmp_path / "s.json", [("a", np.array([0.5, -1.0], np.float32))], ["run", "jump"])
    content = json.loads((tmp_path / "s.json").read_text())
    assert content == {"results": {"a": [0.5, -1.0]}, "class": ["run", "jump"]}


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        write_encoded(tmp_path / "file" / "rgb.h5", [])
    with pytest.raises(UserError, match="cannot be written"):
        write_video_scores(tmp_path / "file" / "s.json", [], [])
