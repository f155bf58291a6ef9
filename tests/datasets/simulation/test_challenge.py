"""The files of the simulated challenge have public layouts, which json, csv, numpy and h5py can read."""

import csv
import hashlib
import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.classification.outside_results import read_scores
from bsnpp.datasets.simulation.challenge import class_names, simulate
from bsnpp.datasets.simulation.classifiers import classify
from bsnpp.datasets.simulation.settings import SimulationSettings
from bsnpp.datasets.simulation.signals import make_world, observe, streams
from bsnpp.datasets.simulation.videos import draw_videos
from bsnpp.features.importers import import_video
from bsnpp.features.settings import StreamSource
from bsnpp.features.streams import open_source

SMALL = SimulationSettings(training=20, validation=3, testing=3, pretraining=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated")
    simulate(SMALL, 1, folder)
    return folder


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_same_bytes_and_another_seed_differs(folder: Path, tmp_path: Path) -> None:
    simulate(SMALL, 1, tmp_path / "again")
    assert hashes(tmp_path / "again") == hashes(folder)
    simulate(SMALL, 2, tmp_path / "other")
    other = hashes(tmp_path / "other")
    assert not set(other.values()) & set(hashes(folder).values())


def test_annotations_have_the_layout_of_activitynet(folder: Path) -> None:
    challenge = json.loads((folder / "annotations.json").read_text())
    assert {"version", "taxonomy", "database"} == set(challenge)
    subsets = [entry["subset"] for entry in challenge["database"].values()]
    assert {name: subsets.count(name) for name in subsets} == {"training": 20, "validation": 3, "testing": 3}
    pretraining = json.loads((folder / "pretraining.json").read_text())["database"]
    assert [entry["subset"] for entry in pretraining.values()] == ["training"] * 3
    assert not set(pretraining) & set(challenge["database"])
    for entry in (*challenge["database"].values(), *pretraining.values()):
        assert set(entry) == {"duration", "subset", "resolution", "url", "annotations"}
        for annotation in entry["annotations"]:
            start, end = annotation["segment"]
            assert 0 <= start < end <= entry["duration"]
            assert annotation["label"] in class_names(SMALL)


def read_stream(folder: Path, encoder: str, part: str, stream: str) -> dict[str, np.ndarray]:
    """Read a stream with numpy, csv and h5py alone."""
    place = folder / "features" / encoder / part / stream
    if encoder == "sharp":
        return {path.stem: np.load(path, allow_pickle=False) for path in place.iterdir()}
    if encoder == "medium":
        tables = {
            path.stem.removeprefix("v_"): list(csv.reader(path.read_text().splitlines()))
            for path in place.iterdir()
        }
        assert all(table[0] == [f"f{i}" for i in range(16)] for table in tables.values())
        return {name: np.array(table[1:], dtype=np.float32) for name, table in tables.items()}
    with h5py.File(place.with_suffix(".h5"), "r") as file:
        return {key.removeprefix("v_"): file[key][:] for key in file}


@pytest.mark.parametrize("encoder", ["sharp", "medium", "smooth"])
@pytest.mark.parametrize("part", ["challenge", "pretraining"])
def test_features_can_be_read_and_are_the_projected_signal(folder: Path, encoder: str, part: str) -> None:
    subsets = ["pretraining"] if part == "pretraining" else ["training", "validation", "testing"]
    videos = [video for subset in subsets for video in draw_videos(SMALL, 1, subset)]
    rgb, flow = (read_stream(folder, encoder, part, stream) for stream in ("rgb", "flow"))
    assert set(rgb) == set(flow) == {video.name for video in videos}
    number = [chosen.name for chosen in SMALL.encoders].index(encoder)
    world = make_world(SMALL, 1)
    for video in videos:
        assert rgb[video.name].shape == (np.ceil(video.duration / 0.5), 16)
        assert flow[video.name].shape == (np.floor(video.duration / 0.5), 16)
        expected = streams(observe(SMALL, 1, world, video)[number], world.projections[number], video.duration)
        np.testing.assert_allclose(rgb[video.name], expected[0], atol=1e-4)
        np.testing.assert_allclose(flow[video.name], expected[1], atol=1e-4)


def test_classifier_files_have_the_cuhk_layout_and_different_orders(folder: Path) -> None:
    orders = []
    scored = {video.name for subset in ("validation", "testing") for video in draw_videos(SMALL, 1, subset)}
    for classifier in SMALL.classifiers:
        content = json.loads((folder / "classifiers" / f"{classifier.name}.json").read_text())
        assert set(content) == {"results", "class"}
        assert set(content["results"]) == scored
        assert sorted(content["class"]) == class_names(SMALL)
        sums = np.array([sum(row) for row in content["results"].values()])
        assert np.allclose(sums, 1.0, atol=1e-5) == (classifier.kind == "probabilities")
        orders.append(tuple(content["class"]))
    assert len(set(orders)) == 4


def test_classifier_files_hold_each_number_under_its_name(folder: Path) -> None:
    videos = [video for subset in ("validation", "testing") for video in draw_videos(SMALL, 1, subset)]
    content = json.loads((folder / "classifiers" / "alpha.json").read_text())
    for video, expected in zip(videos, classify(SMALL, 1, SMALL.classifiers[0], videos), strict=True):
        row = dict(zip(content["class"], content["results"][video.name], strict=True))
        np.testing.assert_allclose([row[name] for name in class_names(SMALL)], expected, rtol=1e-6)


def test_the_importers_of_the_library_read_everything(folder: Path) -> None:
    annotations = read_annotations(
        AnnotationSettings(layout="activitynet", path=str(folder / "annotations.json"))
    )
    videos, instances = annotations.subset("validation")
    expected = draw_videos(SMALL, 1, "validation")
    assert sorted(videos["video"]) == sorted(video.name for video in expected)
    assert len(instances) == sum(len(video.annotations) for video in expected)
    for classifier in SMALL.classifiers:
        path = folder / "classifiers" / f"{classifier.name}.json"
        scores = read_scores(path, class_names(SMALL), list(videos["video"]), classifier.kind)
        assert scores.logits.shape == (3, 20)
    for encoder in SMALL.encoders:
        place, ending = (
            folder / "features" / encoder.name / "challenge",
            ".h5" if encoder.container == "h5" else "",
        )
        sources = [
            StreamSource(name=name, path=f"{place}/{name}{ending}", channels=16) for name in ("rgb", "flow")
        ]
        for video in expected:
            joined = import_video([open_source(source) for source in sources], video.name)
            assert joined.shape == (int(video.duration / 0.5), 32)
