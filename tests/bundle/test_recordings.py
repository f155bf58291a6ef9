"""Detections in recordings of any length by bundles."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bsnpp.bundle.bundle import Bundle
from bsnpp.bundle.loading import load
from bsnpp.bundle.videos import NewVideo
from bsnpp.core.errors import UserError
from bsnpp.recogniser.segments import best_overlap
from tests.bundle.recordings import CLASSES, EXTENT, edited_bundle, features, make_bundle
from tests.recogniser.recordings import world


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bundle(tmp_path_factory.mktemp("recordings"))


@pytest.fixture(scope="module")
def bundle(archive: Path) -> Bundle:
    return load(archive)


def test_detections_lie_in_the_recording(bundle: Bundle) -> None:
    table = bundle.detect(features(1), EXTENT)
    assert 0 < len(table) <= 50 and set(table["label"]) <= set(CLASSES)
    assert (np.diff(table["score"]) <= 0).all()
    assert ((table["start"] >= 0) & (table["start"] < table["end"]) & (table["end"] <= EXTENT)).all()


def test_dense_windows_need_no_generator_and_no_panel(tmp_path: Path) -> None:
    path = make_bundle(tmp_path, generators=[], panel=[], panel_weights=None)
    dense = load(path)
    assert dense.manifest.used_encoders == ["moves"]
    truth = world(1, 1)[1]["r0"]
    table = dense.detect({"moves": features(1)["moves"]}, EXTENT)
    for segment, label in zip(truth.segments, truth.labels, strict=True):
        best = table[table["label"] == CLASSES[label]].iloc[:1]
        tiou, _ = best_overlap(best[["start", "end"]].to_numpy(float), segment[None])
        assert tiou[0] > 0.7


def test_a_variant_of_generators_is_labelled_by_its_panel(tmp_path: Path) -> None:
    path = make_bundle(tmp_path, recogniser=None, calibration="calibration")
    table = load(path).detect(features(1), EXTENT)
    assert 0 < len(table) <= 50 and set(table["label"]) <= set(CLASSES)
    assert set(np.round(table["start"], 6) % 1) == {0}, "edges lie on cells of a second"


def test_a_stream_of_recordings_gives_what_each_gives(bundle: Bundle) -> None:
    extents = [60.0, 58.5, 61.0, 59.0]
    videos = (bundle.video(f"r{seed}", features(seed), extent) for seed, extent in enumerate(extents))
    tables = {video.video: table for video, table in bundle.detect_all(videos)}
    assert list(tables) == ["r0", "r1", "r2", "r3"]
    for seed, extent in enumerate(extents):
        alone, together = bundle.detect(features(seed), extent), tables[f"r{seed}"]
        assert (together["video"] == f"r{seed}").all()
        np.testing.assert_allclose(together["score"], alone["score"], rtol=1e-4)
        pd.testing.assert_series_equal(together["label"], alone["label"])


def test_recordings_are_forgotten_when_they_are_done(bundle: Bundle) -> None:
    known: list[weakref.ref[NewVideo]] = []
    alive: list[int] = []

    def stream() -> Iterator[NewVideo]:
        for seed in range(8):
            new = bundle.video(f"r{seed}", features(seed % 3), EXTENT)
            known.append(weakref.ref(new))
            yield new

    for _ in bundle.detect_all(stream()):
        gc.collect()
        alive.append(sum(reference() is not None for reference in known))
    assert len(alive) == 8 and max(alive) <= 4, "a batch has windows of two recordings"


def test_features_that_do_not_fit_the_length_are_refused(bundle: Bundle) -> None:
    with pytest.raises(
        UserError, match=r"moves: .* cover 60\.0 s \(120 snippets of 0\.5 s\), but .* 90\.0 s"
    ):
        bundle.detect(features(1), 90.0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"classes": ["run", "jump"]}, "own.safetensors has other classes than the manifest"),
        (
            {"windows": {"cells": 16, "cell_seconds": 1.0, "snippet_seconds": 0.25}},
            "own.safetensors was trained on snippets of 0.5 s, unlike the manifest",
        ),
        ({"windows": None}, "a classifier of the source snippets does not fit"),
        ({"panel": [], "recogniser": None}, "neither a recogniser, nor generators with a panel"),
        (
            {"recogniser": {"model": "recogniser.safetensors", "encoders": ["other"]}},
            "unknown encoders: other",
        ),
        (
            {"recogniser": {"model": "recogniser.safetensors", "encoders": ["scores"]}},
            "recogniser.safetensors reads 4 channels, but scores has 3",
        ),
        ({"recogniser": {"model": "bundle.json", "encoders": ["moves"]}}, "bundle.json is damaged or was"),
    ],
)
def test_parts_that_do_not_fit_are_refused(
    archive: Path, tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        edited_bundle(tmp_path, archive, **changes)
