"""`bsnpp predict` from files to files."""

import json
import shutil
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest

from bsnpp.bundle.bundle import Bundle
from bsnpp.bundle.export import export_bundle
from bsnpp.bundle.inputs import open_features, read_durations
from bsnpp.bundle.loading import load
from bsnpp.bundle.predict import predict_folder
from bsnpp.bundle.viewing import Viewing
from bsnpp.core.errors import UserError
from tests.bundle.run import CLASSES, make_run, video_features, video_scores

DURATIONS = {"b": 30.0, "a": 90.0, "c": 120.5}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with features of three videos, the table of their durations, and their class scores."""
    for seed, video in enumerate(DURATIONS):
        for encoder, streams in video_features(seed).items():
            for stream, values in streams.items():
                path = tmp_path / "features" / encoder / stream / f"v_{video}.npy"
                path.parent.mkdir(parents=True, exist_ok=True)
                np.save(path, values)
    write_durations(tmp_path, DURATIONS)
    results = {video: video_scores(seed)["theirs"].tolist() for seed, video in enumerate(DURATIONS)}
    (tmp_path / "theirs.json").write_text(json.dumps({"results": results, "class": CLASSES}))
    return tmp_path


def write_durations(folder: Path, durations: dict[str, object]) -> None:
    """Write the table of videos."""
    rows = "".join(f"{video}\t{seconds}\n" for video, seconds in durations.items())
    (folder / "videos.tsv").write_text(f"video\tduration\n{rows}")


def predicted(bundle: Bundle, folder: Path, *outputs: str, viewing: Viewing | None = None) -> int:
    """Predict the folder's videos."""
    scores = {"theirs": str(folder / "theirs.json")}
    names = [folder / name for name in outputs]
    return predict_folder(bundle, folder / "features", folder / "videos.tsv", scores, names, viewing)


def test_files_hold_what_the_bundle_detects(bundle: Bundle, folder: Path) -> None:
    count = predicted(bundle, folder, "d.json", "d.csv", viewing=Viewing({".srt": folder / "subtitles"}, 7))
    submission = json.loads((folder / "d.json").read_text())
    assert list(submission["results"]) == ["a", "b", "c"]
    assert submission["external_data"] == {"used": True, "details": "networks trained elsewhere"}
    table = pd.read_csv(folder / "d.csv")
    assert len(table) == count
    for seed, (video, duration) in enumerate(DURATIONS.items()):
        alone = bundle.detect(video_features(seed), duration, video_scores(seed))
        rows = table[table["video"] == video]
        assert list(rows["label"]) == list(alone["label"])
        np.testing.assert_allclose(rows["score"], alone["score"], rtol=1e-5)
        assert len(submission["results"][video]) == len(alone)
        assert (folder / "subtitles" / f"{video}.srt").read_text().count("-->") == min(len(alone), 7)


def test_streams_may_be_hdf5_files_and_one_stream_its_encoder(bundle: Bundle, folder: Path) -> None:
    predicted(bundle, folder, "before.json")
    for encoder, stream, place in (("two", "flow", "two/flow.h5"), ("one", "rgb", "one.hdf5")):
        source = folder / "features" / encoder / stream
        with h5py.File(folder / "features" / place, "w") as file:
            for path in source.iterdir():
                file[path.stem] = np.load(path)
        shutil.rmtree(source)
    (folder / "features/one").rmdir()
    predicted(bundle, folder, "after.json")
    assert (folder / "before.json").read_bytes() == (folder / "after.json").read_bytes()


def test_the_only_stream_may_be_the_folder_itself(bundle: Bundle, folder: Path) -> None:
    panel = tuple(member for member in bundle.manifest.panel if not member.encoders)
    generator = bundle.manifest.generators[0]
    members = tuple(member for member in generator.members if member.encoder == "one")
    only = bundle.manifest.model_copy(
        update={"panel": panel, "generators": (generator.model_copy(update={"members": members}),)}
    )
    (reader,) = open_features(folder / "features/one/rgb", only)["one"]
    assert reader.missing(["a", "b"]) == []


def test_streams_that_are_not_there_are_listed_together(bundle: Bundle, folder: Path) -> None:
    shutil.rmtree(folder / "features/two/flow")
    shutil.rmtree(folder / "features/one")
    with pytest.raises(UserError) as error:
        predicted(bundle, folder, "d.json")
    for words in ("two, stream flow: none of", "features/two/flow.h5", "one, stream rgb: none of"):
        assert words in str(error.value)


def test_videos_without_features_are_listed_together(bundle: Bundle, folder: Path) -> None:
    write_durations(folder, {**DURATIONS, "d": 5.0, "e": 6.0})
    results = {video: [0.1, 0.2, 0.7] for video in "abcde"}
    (folder / "theirs.json").write_text(json.dumps({"results": results, "class": CLASSES}))
    with pytest.raises(UserError) as error:
        predicted(bundle, folder, "d.json")
    assert "d: stream rgb: no v_d or d in" in str(error.value) and "e: stream flow" in str(error.value)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("video\tlength\na\t3\n", "no column duration"),
        ("video\tduration\na\t3\na\t4\n", "a: listed more than once"),
        ("video\tduration\na\t0\nb\tnan\n", "b: duration is nan"),
        ("video\tduration\textent\na\t3\t-1\n", "a: extent is -1"),
        ("video\tduration\na\tlong\n", r"videos\.tsv(?s:.*)a: duration is long"),
        ("video\tduration\na\t1_5\n", "a: duration is 1_5"),
        ("video\tduration\tduration\na\t3\t4\n", "'duration' occurs more than once"),
        ("video\tduration\na\t3\t4\n", "line 2: 3 cells, but the header has 2"),
        ("video\tduration\nv_a\t3\na\t4\n", "a: listed more than once, on line 2 as v_a and on line 3"),
        ("a\t3\nb\t4\n", "no column video"),
    ],
)
def test_a_faulty_table_of_videos_is_refused(tmp_path: Path, rows: str, words: str) -> None:
    (tmp_path / "videos.tsv").write_text(rows)
    with pytest.raises(UserError, match=words):
        read_durations(tmp_path / "videos.tsv")


def test_a_table_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    (tmp_path / "videos.csv").write_bytes("\ufeffvideo,duration\r\nmy video,3\r\n\r\n".encode())
    assert read_durations(tmp_path / "videos.csv").to_numpy().tolist() == [["my video", 3.0, 3.0]]


def test_an_extent_of_its_own_is_read(tmp_path: Path) -> None:
    (tmp_path / "videos.tsv").write_text("video\tduration\textent\nb\t3\t2.5\na\t4\t4\n")
    assert read_durations(tmp_path / "videos.tsv").to_numpy().tolist() == [["a", 4.0, 4.0], ["b", 3.0, 2.5]]


def test_score_files_are_those_of_the_outside_classifiers(bundle: Bundle, folder: Path) -> None:
    features, videos = folder / "features", folder / "videos.tsv"
    with pytest.raises(UserError, match="theirs: no score file"):
        predict_folder(bundle, features, videos, {}, [folder / "d.json"])
    scores = {"theirs": str(folder / "theirs.json"), "mine": "mine.json"}
    with pytest.raises(UserError, match=r"mine: not one of the bundle's classifiers \(theirs\)"):
        predict_folder(bundle, features, videos, scores, [folder / "d.json"])


def test_an_unknown_format_is_refused_before_anything_is_read(bundle: Bundle) -> None:
    with pytest.raises(UserError, match=r"d\.txt: unknown format; supported endings: \.json, \.csv"):
        predict_folder(bundle, "none", "none", {}, ["d.txt"])


def test_an_empty_table_gives_empty_files(bundle: Bundle, folder: Path) -> None:
    write_durations(folder, {})
    assert predicted(bundle, folder, "d.json", "d.csv") == 0
    assert json.loads((folder / "d.json").read_text())["results"] == {}


def test_a_video_outside_the_classifiers_file_is_named(folder: Path, tmp_path: Path) -> None:
    export_bundle(make_run(tmp_path / "results"), tmp_path / "small.zip")
    (folder / "theirs.json").write_text(json.dumps({"results": {}, "class": CLASSES}))
    with pytest.raises(UserError, match="video a: missing"):
        predicted(load(tmp_path / "small.zip"), folder, "d.json")
