"""Features of recordings by several encoders."""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bsnpp.bundle.videos import joined_sequences, reading_name
from bsnpp.core.errors import UserError
from bsnpp.features.settings import StreamSource
from bsnpp.snippets.inputs import read_encoders, read_sequences
from bsnpp.windows.settings import WindowSettings
from bsnpp.windows.snippet_settings import SnippetSettings

VIDEOS = pd.DataFrame({"video": ["a", "b"], "extent": [30.0, 41.0]})


def write_encoders(folder: Path, seconds: Mapping[str, float]) -> dict[str, tuple[StreamSource, ...]]:
    """Write random features of two channels; each encoder has a snippet every so many seconds."""
    rng = np.random.default_rng(0)
    for name, step in seconds.items():
        (folder / name).mkdir()
        for video, extent in zip(VIDEOS["video"], VIDEOS["extent"], strict=True):
            np.save(folder / name / f"{video}.npy", rng.random((round(extent / step), 2), dtype=np.float32))
    return {name: (StreamSource(name=name, path=str(folder / name), channels=2),) for name in seconds}


def test_encoders_of_mixed_rates_are_brought_to_one_rate(tmp_path: Path) -> None:
    encoders = write_encoders(tmp_path, {"slow": 1.6, "fast": 0.8, "right": 1.0})
    snippets = SnippetSettings(snippet_seconds=1.0, mixed_rates=True)
    joined = read_encoders(encoders, VIDEOS, snippets)
    assert {video: array.shape for video, array in joined.items()} == {"a": (30, 6), "b": (41, 6)}
    for place, streams in enumerate(encoders.values()):
        for video, alone in read_sequences(streams, VIDEOS, snippets).items():
            np.testing.assert_array_equal(joined[video][:, 2 * place : 2 * place + 2], alone)


def test_a_bundle_joins_encoders_in_the_same_way(tmp_path: Path) -> None:
    encoders = write_encoders(tmp_path, {"slow": 1.6, "fast": 0.8})
    windows = WindowSettings(cells=8, cell_seconds=1.0, snippet_seconds=1.0, mixed_rates=True)
    manifest = SimpleNamespace(readings=[("slow", "fast"), ("fast",)], windows=windows)
    joined = read_encoders(encoders, VIDEOS, windows.snippets)
    for video, extent in zip(VIDEOS["video"], VIDEOS["extent"], strict=True):
        arrays = {name: [np.load(tmp_path / name / f"{video}.npy")] for name in encoders}
        sequences = joined_sequences(arrays, manifest, extent)  # type: ignore[arg-type]
        np.testing.assert_array_equal(sequences[reading_name(("slow", "fast"))], joined[video])
        np.testing.assert_array_equal(sequences["fast"], joined[video][:, 2:])


def test_encoders_of_one_rate_are_cut_to_the_shortest(tmp_path: Path) -> None:
    encoders = write_encoders(tmp_path, {"first": 1.0, "second": 1.0})
    path = tmp_path / "second" / "a.npy"
    np.save(path, np.load(path)[:-2])
    joined = read_encoders(encoders, VIDEOS, SnippetSettings(snippet_seconds=1.0))
    assert joined["a"].shape == (28, 4) and joined["b"].shape == (41, 4)


def test_encoders_of_other_rates_are_refused_without_the_key(tmp_path: Path) -> None:
    encoders = write_encoders(tmp_path, {"slow": 1.6, "right": 1.0})
    with pytest.raises(UserError, match="19 and 30 snippets"):
        read_encoders(encoders, VIDEOS, SnippetSettings(snippet_seconds=1.0))
