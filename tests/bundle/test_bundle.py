"""Detections of bundles, and bundles that cannot be loaded."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bsnpp.predict
from bsnpp.bundle.bundle import Bundle
from bsnpp.bundle.export import export_bundle
from bsnpp.bundle.loading import load
from bsnpp.bundle.manifest import CARD, MANIFEST
from bsnpp.bundle.videos import NewVideo
from bsnpp.core.errors import UserError
from tests.bundle.run import CLASSES, make_run, video_features, video_scores


def new_video(bundle: Bundle, seed: int, duration: float) -> NewVideo:
    """Return a new video with random features and scores."""
    return bundle.video(f"video{seed}", video_features(seed), duration, video_scores(seed))


def test_detections_are_sorted_inside_the_video_and_labelled(bundle: Bundle) -> None:
    table = bundle.detect(video_features(0), 90.0, video_scores(0))
    assert list(table.columns) == ["label", "score", "start", "end"]
    assert 0 < len(table) <= 20
    assert (np.diff(table["score"]) <= 0).all()
    assert ((table["start"] >= 0) & (table["start"] < table["end"]) & (table["end"] <= 90)).all()
    assert set(table["label"]) <= set(CLASSES)


def test_the_scale_follows_the_duration(bundle: Bundle) -> None:
    short, long = (bundle.detect(video_features(0), seconds, video_scores(0)) for seconds in (30.0, 90.0))
    assert set(np.round(short["start"] / 30 * 6, 6) % 1) == {0}
    assert set(np.round(long["start"] / 90 * 8, 6) % 1) == {0}


def test_the_extent_scales_times_and_the_duration_chooses_the_scale(bundle: Bundle) -> None:
    plain = new_video(bundle, 0, 90.0)
    stretched = NewVideo("stretched", 90.0, 99.0, plain.sequences, plain.logits)
    (_, first), (_, second) = bundle.detect_all([plain, stretched])
    np.testing.assert_allclose(second["end"], first["end"] * 1.1)


def test_streams_of_videos_give_what_each_video_gives(bundle: Bundle) -> None:
    durations = [90.0, 30.0, 100.0, 40.0, 300.0]
    videos = [new_video(bundle, seed, duration) for seed, duration in enumerate(durations)]
    tables = {video.video: table for video, table in bundle.detect_all(iter(videos))}
    assert set(tables) == {video.video for video in videos}
    for seed, duration in enumerate(durations):
        alone = bundle.detect(video_features(seed), duration, video_scores(seed))
        together = tables[f"video{seed}"]
        assert list(together.columns) == ["video", "label", "score", "start", "end"]
        pd.testing.assert_frame_equal(together.drop(columns="video"), alone, check_exact=True)


def test_a_stream_is_read_batch_by_batch(bundle: Bundle) -> None:
    taken: list[int] = []

    def stream() -> list[NewVideo]:
        for seed in range(6):
            taken.append(seed)
            yield new_video(bundle, seed, 90.0)

    results = bundle.detect_all(stream())
    next(results)
    assert taken == [0, 1], "a batch of two videos is read before the first detections"


def test_no_videos_give_no_detections(bundle: Bundle) -> None:
    assert list(bundle.detect_all([])) == []


def test_the_public_interface_is_short(archive: Path) -> None:
    table = bsnpp.predict.load(archive).detect(video_features(3), 90.0, video_scores(3))
    assert len(table) > 0


def test_channels_first_and_joined_scores_are_understood(bundle: Bundle) -> None:
    features = video_features(0)
    turned = {name: {key: array.T for key, array in streams.items()} for name, streams in features.items()}
    turned["one"] = turned["one"]["rgb"]
    pd.testing.assert_frame_equal(
        bundle.detect(turned, 90.0, video_scores(0)), bundle.detect(features, 90.0, video_scores(0))
    )


Change = Callable[[dict[str, dict[str, np.ndarray]]], object]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda features: features.pop("one"), "one: missing"),
        (lambda features: features.update(more={}), "more: unknown; the bundle reads two, one"),
        (lambda features: features["two"].pop("flow"), r"two: streams \['rgb'\] given"),
        (lambda features: features.update(two=np.zeros((11, 8))), "two: must be given for each stream"),
        (lambda features: features["one"].update(rgb=np.zeros((11, 9))), "one: shape"),
        (lambda features: features["one"].update(rgb=np.full((11, 4), np.nan)), "one: .*NaN"),
        (lambda features: features["one"].update(rgb=np.zeros((0, 4))), "one: no snippets"),
        (lambda features: features["two"].update(rgb=np.zeros((40, 5))), "two: streams of 40 and 11"),
    ],
)
def test_features_that_do_not_fit_are_named(bundle: Bundle, change: Change, words: str) -> None:
    features = video_features(0)
    change(features)
    with pytest.raises(UserError, match=words):
        bundle.detect(features, 90.0, video_scores(0))


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ({}, "theirs: missing"),
        ({"theirs": np.ones(4)}, r"theirs: scores of shape \(4,\)"),
        ({"theirs": np.array([0.5, np.nan, 0.5])}, "theirs: scores that are not finite"),
        ({"theirs": np.array([0.5, -0.1, 0.6])}, "theirs: negative probabilities"),
        ({"theirs": np.ones(3), "mine": np.ones(3)}, "mine: not a classifier of the bundle"),
    ],
)
def test_scores_that_do_not_fit_are_named(bundle: Bundle, scores: dict[str, np.ndarray], words: str) -> None:
    with pytest.raises(UserError, match=words):
        bundle.detect(video_features(0), 90.0, scores)


@pytest.mark.parametrize("duration", [0.0, -1.0, float("nan"), float("inf")])
def test_a_duration_that_is_none_is_refused(bundle: Bundle, duration: float) -> None:
    with pytest.raises(UserError, match="duration must be"):
        bundle.detect(video_features(0), duration, video_scores(0))


def test_a_bundle_without_outside_classifiers_needs_no_scores(tmp_path: Path) -> None:
    export_bundle(make_run(tmp_path / "results", outside=False), tmp_path / "own.zip")
    own = load(tmp_path / "own.zip")
    assert own.manifest.outside == []
    assert len(own.detect(video_features(0), 90.0)) > 0


def edited(archive: Path, path: Path, name: str, change: Callable[[bytes], bytes | None]) -> Path:
    """Copy an archive with another content of one file, or without it."""
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(path, "w") as target:
        for each in source.namelist():
            data = source.read(each)
            content = change(data) if each == name else data
            if content is not None:
                target.writestr(each, content)
    return path


MODEL = "models/bmn/two/scratch.safetensors"


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        (MODEL, lambda data: data[:-1] + b"x", "scratch.safetensors is damaged or was edited"),
        (MODEL, lambda data: None, "scratch.safetensors is missing or damaged"),
        ("classifiers/own.safetensors", lambda data: b"", "own.safetensors is damaged or was edited"),
        (MANIFEST, lambda data: None, "bundle.json is missing"),
        (MANIFEST, lambda data: b"text", "bundle.json is damaged"),
        (
            MANIFEST,
            lambda data: data.replace(b'"format": 1', b'"format": 2'),
            "has layout 2, but .*; update bsnpp",
        ),
        (MANIFEST, lambda data: data.replace(b'"format": 1', b'"format": 0'), "has layout 0, but .*export"),
        (MANIFEST, lambda data: data.replace(b"models/bmn/", b"models/../"), "model: String should match"),
        (
            MANIFEST,
            lambda data: re.sub(rb'"knots": \[', b'"knots": [9.0,', data),
            "must be lists of the same length",
        ),
    ],
)
def test_a_damaged_or_edited_bundle_is_refused(
    archive: Path, tmp_path: Path, name: str, change: Callable[[bytes], bytes | None], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        load(edited(archive, tmp_path / "edited.zip", name, change))


def test_a_model_of_another_width_is_refused(archive: Path, tmp_path: Path) -> None:
    def narrower(data: bytes) -> bytes:
        manifest = json.loads(data)
        manifest["encoders"]["one"][0]["channels"] = 3
        return json.dumps(manifest).encode()

    with pytest.raises(UserError, match="reads 4 channels, but one has 3"):
        load(edited(archive, tmp_path / "edited.zip", MANIFEST, narrower))


def test_other_files_are_no_bundles(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such bundle"):
        load(tmp_path / "none.zip")
    (tmp_path / "text.zip").write_text("text")
    with pytest.raises(UserError, match="not a bundle"):
        load(tmp_path / "text.zip")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match=r"bundle\.json is missing"):
        load(tmp_path / "folder")


@pytest.mark.parametrize("name", ["../evil.txt", "/tmp/evil.txt", "models/../../evil.txt", "..\\evil.txt"])
def test_an_archive_with_paths_outside_it_is_refused(archive: Path, tmp_path: Path, name: str) -> None:
    path = edited(archive, tmp_path / "edited.zip", MANIFEST, lambda data: data)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(name, "text")
    with pytest.raises(UserError, match="it holds paths outside it"):
        load(path)


@pytest.mark.parametrize("place", [100, -2000, -5])
def test_an_archive_with_a_flipped_byte_is_refused(archive: Path, tmp_path: Path, place: int) -> None:
    data = bytearray(archive.read_bytes())
    data[place] ^= 1
    (tmp_path / "flipped.zip").write_bytes(bytes(data))
    with pytest.raises(UserError, match=r"flipped\.zip: "):
        load(tmp_path / "flipped.zip")


def test_a_flipped_byte_of_a_part_is_named(archive: Path, tmp_path: Path) -> None:
    def flip(data: bytes) -> bytes:
        return data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]

    with pytest.raises(UserError, match=f"{MODEL} is damaged or was edited: its SHA-256 is not that"):
        load(edited(archive, tmp_path / "edited.zip", MODEL, flip))


def test_an_edited_card_does_no_harm(archive: Path, tmp_path: Path) -> None:
    assert load(edited(archive, tmp_path / "edited.zip", CARD, lambda data: b"mine")).classes == CLASSES
