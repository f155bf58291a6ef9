"""The files of folds are complete, and their faults are reported."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bsnpp.challenge.config_files import merge
from bsnpp.challenge.folds import read_folds
from bsnpp.challenge.load import load_challenge
from bsnpp.challenge.model import Challenge
from bsnpp.core.errors import UserError
from tests.paths import CONFIG


def challenges(name: str) -> list[Challenge]:
    """Return the challenge of every fold of a shipped configuration."""
    config = yaml.safe_load((CONFIG / name / "config.yaml").read_text())
    folds = read_folds(CONFIG / name / "folds.yaml")
    layers = [folds.layer(fold, f"results/{fold}", "archive") for fold in folds.chosen(None)]
    return [load_challenge(merge(config, layer)) for layer in layers]


def test_every_fold_of_salads_is_tested_once_after_another_one_for_validation() -> None:
    sections = [one.salads for one in challenges("salads")]
    pairs = [(section.test_fold, section.validation_fold) for section in sections if section is not None]
    assert sorted(pairs) == [(1, 5), (2, 1), (3, 2), (4, 3), (5, 4)]


def test_every_person_of_sbhar_is_left_out_once() -> None:
    sections = [one.hapt for one in challenges("sbhar")]
    left_out = [section.test_person for section in sections if section is not None]
    assert left_out == list(range(1, 31))


@pytest.mark.parametrize("name", ["salads", "sbhar"])
def test_folds_change_nothing_but_the_subsets_and_the_folder(name: str) -> None:
    dumps: list[dict[str, Any]] = [one.model_dump(mode="json") for one in challenges(name)]
    for dump in dumps:
        assert dump["groups"] == f"{dump.pop('results')}/prepared/persons.tsv"
        for key in ("annotations", "groups", "hapt", "salads"):
            del dump[key]
    assert all(dump == dumps[0] for dump in dumps)


def written(folder: Path, text: str) -> Path:
    path = folder / "folds.yaml"
    path.write_text(text)
    return path


def test_the_folds_to_run_keep_the_order_of_the_file(tmp_path: Path) -> None:
    folds = read_folds(written(tmp_path, "minutes: 2\nfolds: {b: {}, a: {x: 1}, c: {}}\n"))
    assert folds.chosen(None) == ["b", "a", "c"] and folds.chosen(["c", "b"]) == ["b", "c"]
    assert folds.layer("a", "there", None) == {"x": 1, "results": "there"}
    assert folds.layer("b", "there", "data") == {"results": "there", "archive": "data"}
    with pytest.raises(UserError, match=r"unknown folds:\s+d\s+The folds are b, a, c"):
        folds.chosen(["d"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("folds: {a: {}}\n", "minutes: this key is required"),
        ("minutes: 1\nfolds: {}\n", "folds: "),
        ("minutes: 1\nfolds: {a-b: {}}\n", "a-b"),
        ("minutes: 1\nfold: {}\n", "fold: unknown key"),
        ("- a\n", "no keys at the top level"),
    ],
)
def test_invalid_files_of_folds(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UserError, match=message) as caught:
        read_folds(path)
    assert str(path) in str(caught.value)
