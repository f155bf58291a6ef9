"""Exports of finished runs."""

import shutil
import zipfile
from pathlib import Path

import pytest

from bsnpp.bundle.archive import BundleFiles, sha256
from bsnpp.bundle.card import model_card
from bsnpp.bundle.export import export_bundle
from bsnpp.bundle.loading import load
from bsnpp.bundle.manifest import CARD, MANIFEST, Knots, Manifest
from bsnpp.bundle.plan import PLAN_FILE
from bsnpp.core.checksums import write_checked_text
from bsnpp.core.errors import UserError
from bsnpp.detection.calibration_files import read_calibrations
from tests.bundle.run import CLASSES, make_run


def test_a_bundle_holds_what_has_a_weight(archive: Path) -> None:
    with zipfile.ZipFile(archive) as file:
        assert set(file.namelist()) == {
            "models/bsnpp/two/pretrained.safetensors",
            "models/bsnpp/one/scratch.safetensors",
            "models/bmn/two/scratch.safetensors",
            "classifiers/own.safetensors",
            CARD,
            MANIFEST,
        }


def test_every_number_of_the_run_is_kept_exactly(archive: Path, small_run: Path) -> None:
    manifest = Manifest.model_validate_json(BundleFiles(archive).read(MANIFEST))
    assert [(one.name, one.weight, one.temperature) for one in manifest.panel] == [
        ("own", 0.625, 1.25),
        ("theirs", 0.375, 0.8),
    ]
    assert [member.weight for member in manifest.generators[0].members] == [0.75, 0.25]
    assert manifest.generators[0].calibration is None
    knots, fitted = manifest.generators[1].calibration, read_calibrations(small_run / "calibration.json")[1]
    assert knots is not None
    assert knots.knots == tuple(fitted.knots) and knots.values == tuple(fitted.values)
    (member,) = manifest.generators[1].members
    assert member.calibration is not None and member.calibration.regression is None
    assert member.calibration.classification == Knots(knots=(0.2, 0.8), values=(0.1, 0.9))
    assert "| two/scratch (calibrated) |" in model_card(manifest)
    assert manifest.classes == tuple(CLASSES)
    assert manifest.measured["testing"].map == (0.3, 0.2)


def test_checksums_are_those_of_the_files(archive: Path) -> None:
    files = BundleFiles(archive)
    manifest = Manifest.model_validate_json(files.read(MANIFEST))
    assert len(manifest.checksums) == 5
    for name, checksum in manifest.checksums.items():
        assert sha256(files.read(name)) == checksum


def test_the_same_run_gives_the_same_bytes(archive: Path, small_run: Path, tmp_path: Path) -> None:
    export_bundle(small_run, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_a_folder_holds_the_same_files(archive: Path, small_run: Path, tmp_path: Path) -> None:
    export_bundle(small_run, tmp_path / "folder")
    with zipfile.ZipFile(archive) as file:
        for name in file.namelist():
            assert (tmp_path / "folder" / name).read_bytes() == file.read(name)
    with pytest.raises(UserError, match="exists already"):
        export_bundle(small_run, tmp_path / "folder")
    assert load(tmp_path / "folder").classes == CLASSES


def test_the_card_lists_requirements_and_scores(archive: Path) -> None:
    card = BundleFiles(archive).read(CARD).decode()
    for words in (
        "# small: D",
        "| two | flow | 3 | 1 |",
        "theirs (probabilities)",
        "| bsnpp | one/scratch | 0.750 | paper |",
        "| testing | 4 | 6 | 25.00 (18.17 to 31.20) | 0.5: 30.0, 0.75: 20.0 |",
        "networks trained elsewhere",
        "--scores theirs=theirs.json",
    ):
        assert words in card
    assert "unused" not in card and "useless" not in card


def test_missing_files_are_listed_together(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "results")
    (folder / "own.safetensors").unlink()
    (folder / "panel.csv").unlink()
    with pytest.raises(UserError) as error:
        export_bundle(folder, tmp_path / "bundle.zip")
    assert "own.safetensors" in str(error.value) and "panel.csv" in str(error.value)
    assert not (tmp_path / "bundle.zip").exists()


def test_a_folder_without_a_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="name the results folder of a finished run"):
        export_bundle(tmp_path, tmp_path / "bundle.zip")
    write_checked_text(tmp_path / PLAN_FILE, '{"challenge": "small"}')
    with pytest.raises(UserError, match="variant: this key is required"):
        export_bundle(tmp_path, tmp_path / "bundle.zip")


def test_a_failed_export_leaves_nothing_behind(small_run: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(small_run, tmp_path / "results")
    (folder / "testing.json").write_text("{}")
    for name in ("bundle.zip", "bundle"):
        with pytest.raises(UserError, match=r"testing\.json"):
            export_bundle(folder, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["results"]
