"""The prepared files: public layouts, reproducible bytes, and fits on the training persons alone."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.datasets.hapt import prepare as prepare_module
from bsnpp.datasets.hapt.encoders import Signals, SnippetEncoder, fit_encoder
from bsnpp.datasets.hapt.prepare import prepare
from bsnpp.datasets.hapt.settings import ENCODERS, STREAMS, HaptSettings
from bsnpp.features.importers import import_video
from bsnpp.features.settings import StreamSource
from bsnpp.features.streams import open_source
from tests.datasets.hapt.archives import PERSONS, members, stream, write_zip

SMALL = HaptSettings(validation_persons=2, kernels=32, components=8)
TRAINING = ("exp04_user04", "exp05_user04")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_zip(tmp_path_factory.mktemp("zip") / "hapt.zip", members())


@pytest.fixture(scope="module")
def folder(archive: Path) -> Path:
    prepare(archive, SMALL, 1, archive.parent / "prepared")
    return archive.parent / "prepared"


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_zip_file_and_seed_give_the_same_bytes(archive: Path, folder: Path, tmp_path: Path) -> None:
    prepare(archive, SMALL, 1, tmp_path / "again")
    assert hashes(tmp_path / "again") == hashes(folder)
    assert len(hashes(folder)) == 2 + len(PERSONS) * len(ENCODERS) * len(STREAMS)


def test_annotations_are_read_by_the_library(folder: Path) -> None:
    annotations = read_annotations(
        AnnotationSettings(layout="activitynet", path=str(folder / "annotations.json"))
    )
    subsets = {name: annotations.subset(name) for name in ("training", "validation", "testing")}
    assert {name: list(videos["video"]) for name, (videos, _) in subsets.items()} == {
        "training": list(TRAINING),
        "validation": ["exp01_user01", "exp03_user03"],
        "testing": ["exp02_user02"],
    }
    videos, instances = subsets["testing"]
    assert videos[["duration", "extent"]].to_numpy().tolist() == [[4.26, 4.26]]
    assert instances[["start", "end", "label"]].to_numpy().tolist() == [
        [0.2, 1.2, "walking"],
        [1.2, 2.2, "stand_to_sit"],
    ]
    taxonomy = json.loads((folder / "annotations.json").read_text())["taxonomy"]
    assert [node["nodeName"] for node in taxonomy] == ["sitting", "stand_to_sit", "walking"]


def test_every_video_has_its_person(folder: Path) -> None:
    lines = (folder / "persons.tsv").read_text().splitlines()
    assert lines[0] == "video\tperson"
    assert lines[1:] == [f"exp{number:02d}_user{person:02d}\t{person}" for number, person in PERSONS.items()]


@pytest.mark.parametrize("encoder", ENCODERS)
def test_features_are_read_by_the_library(folder: Path, encoder: str) -> None:
    channels = 8 if encoder == "convolutions" else 64
    sources = [
        StreamSource(name=stream, path=str(folder / "features" / encoder / stream), channels=channels)
        for stream in STREAMS
    ]
    readers = [open_source(source) for source in sources]
    for number, person in PERSONS.items():
        joined = import_video(readers, f"exp{number:02d}_user{person:02d}")
        assert joined.shape == (11, 2 * channels)
        assert np.abs(joined).max() > 0


def test_encoders_are_fitted_on_the_training_persons(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[tuple[str, ...]] = []

    def spy(
        name: str, settings: HaptSettings, seed: int | Sequence[int], training: Signals
    ) -> SnippetEncoder:
        reached.append(tuple(training))
        return fit_encoder(name, settings, seed, training)

    monkeypatch.setattr(prepare_module, "fit_encoder", spy)
    prepare(archive, SMALL, 1, tmp_path)
    assert reached == [TRAINING] * len(ENCODERS) * len(STREAMS)


def test_validation_and_test_persons_do_not_change_a_fit(folder: Path, tmp_path: Path) -> None:
    """If they have other streams, the features of the training persons keep their bytes."""
    files = members()
    rng = np.random.default_rng(99)
    for name in files:
        if any(f"user{person:02d}" in name for person in (1, 2, 3)):
            files[name] = stream(rng, 150)
    prepare(write_zip(tmp_path / "other.zip", files), SMALL, 1, tmp_path / "prepared")
    before, after = hashes(folder / "features"), hashes(tmp_path / "prepared/features")
    kept = {name for name in before if before[name] == after[name]}
    assert kept == {name for name in before if Path(name).stem in TRAINING}


def test_a_training_person_changes_every_fit(folder: Path, tmp_path: Path) -> None:
    """If one has another stream, the features of all persons change for that stream."""
    files = members()
    files["RawData/acc_exp04_user04.txt"] = stream(np.random.default_rng(99))
    prepare(write_zip(tmp_path / "other.zip", files), SMALL, 1, tmp_path / "prepared")
    before, after = hashes(folder / "features"), hashes(tmp_path / "prepared/features")
    assert {name for name in before if before[name] == after[name]} == {
        name for name in before if "gyroscope" in name
    }
