"""50 Salads in public layouts: what is written, from which fold, and nothing where the source has a fault."""

import json
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from bsnpp.core.errors import UserError
from bsnpp.datasets.salads.prepare import prepare
from bsnpp.datasets.salads.settings import LABELS, NETWORKS, SaladsSettings
from tests.datasets.salads.repositories import scores_of, write_repository


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_annotations_persons_and_features(tmp_path: Path) -> None:
    write_repository(tmp_path / "salads")
    prepare(tmp_path / "salads", SaladsSettings(test_fold=1, validation_fold=3), tmp_path / "out")
    database = json.loads((tmp_path / "out/annotations.json").read_text())["database"]
    subsets = {video: entry["subset"] for video, entry in database.items()}
    assert {video for video, subset in subsets.items() if subset == "testing"} == {"01-1", "01-2"}
    assert {video for video, subset in subsets.items() if subset == "validation"} == {"03-1", "03-2"}
    assert list(subsets.values()).count("training") == 6
    assert database["02-2"]["annotations"][1] == {"segment": [4.0, 7.0], "label": "mix"}
    assert (tmp_path / "out/persons.tsv").read_text().splitlines()[:2] == ["video\tperson", "01-1\tperson01"]
    for network in NETWORKS:
        scores = np.load(tmp_path / f"out/features/{network}/scores/04-2.npy")
        np.testing.assert_array_equal(scores, scores_of(network, 4, 1))


def test_the_same_source_gives_the_same_bytes(tmp_path: Path) -> None:
    write_repository(tmp_path / "salads")
    for out in ("one", "two"):
        prepare(tmp_path / "salads", SaladsSettings(), tmp_path / out)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_faulty_source_leaves_nothing(tmp_path: Path) -> None:
    write_repository(tmp_path / "salads")
    (tmp_path / "salads" / LABELS / "sequences/01-1-activityAnnotation.txt").write_text("no numbers here\n")
    with pytest.raises(UserError, match="expected start, end and activity"):
        prepare(tmp_path / "salads", SaladsSettings(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_one_fold_cannot_be_two_subsets() -> None:
    with pytest.raises(ValidationError, match="both 5"):
        SaladsSettings(test_fold=5, validation_fold=5)
