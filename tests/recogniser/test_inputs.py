"""Features and panel classes of whole videos."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bsnpp.core.errors import UserError
from bsnpp.detection.labelling_settings import LabellingSettings
from bsnpp.recogniser.evidence import recognise
from bsnpp.recogniser.inputs import RecogniserSettings, read_recordings
from bsnpp.recogniser.panels import read_panel
from bsnpp.recogniser.recogniser import train_recogniser
from bsnpp.stores.class_scores import write_panel_file
from bsnpp.stores.features import write_features
from bsnpp.stores.tables import write_table
from tests.recogniser.recordings import SECONDS, SETTINGS, world

VIDEOS = pd.DataFrame({"video": ["b", "a"], "extent": [40.0, 10.0]})
WHOLE = RecogniserSettings(
    detection=LabellingSettings(), streams={"one": (), "two": ()}, snippets=None, seed=0
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, list[str], dict[str, np.ndarray]]:
    """The table of the videos, the features of both encoders, and their values (C, T) of a and b."""
    write_table(tmp_path / "videos.tsv", VIDEOS)
    rng = np.random.default_rng(0)
    values = {
        name: rng.normal(size=(2, channels, 8)).astype(np.float32)
        for name, channels in (("one", 3), ("two", 2))
    }
    for name, rows in values.items():
        features = list(zip(("a", "b"), rows, strict=True))
        write_features(tmp_path / f"{name}.h5", name, 8, rows.shape[1], features, ["a", "b"])
    return str(tmp_path / "videos.tsv"), [str(tmp_path / f"{name}.h5") for name in values], values


def test_the_cells_of_a_whole_video_are_its_snippets(files: tuple) -> None:
    table, cells, values = files
    recordings = read_recordings(table, WHOLE, [], cells)
    assert list(recordings) == ["b", "a"]
    for row, video, extent in ((0, "a", 10.0), (1, "b", 40.0)):
        recording = recordings[video]
        assert (recording.extent, recording.snippet_seconds) == (extent, extent / 8)
        expected = np.concatenate([values["one"][row], values["two"][row]]).T
        np.testing.assert_array_equal(recording.sequence, expected)
    (second,) = {one.sequence.shape for one in read_recordings(table, WHOLE, ["two"], cells).values()}
    assert second == (8, 2)


def test_a_video_without_features_is_refused(files: tuple, tmp_path: Path) -> None:
    table, cells, _ = files
    write_table(table, pd.DataFrame({"video": ["a", "c"], "extent": [1.0, 1.0]}))
    with pytest.raises(UserError, match=r"one\.h5: no features of c"):
        read_recordings(table, WHOLE, [], cells)


def test_the_panel_of_a_video_gives_its_classes_to_every_segment(tmp_path: Path) -> None:
    recordings, truth = world(0, 3)
    recogniser = train_recogniser(recordings, truth, ["run", "walk"], None, SETTINGS, 0)
    probability = np.array([[0.9, 0.1], [0.2, 0.3], [0.0, 1.0]])
    write_panel_file(tmp_path / "panel.h5", list(recordings), ["run", "walk"], probability)
    panel = read_panel(str(tmp_path / "panel.h5"), whole_videos=True)
    for row, (_, evidence) in enumerate(recognise(recogniser, recordings, None, panel)):
        assert evidence.panel is not None and len(evidence.panel)
        np.testing.assert_allclose(evidence.panel, np.broadcast_to(probability[row], evidence.panel.shape))
    assert read_panel(None, whole_videos=True) is None


def test_time_scales_with_the_length_of_snippets() -> None:
    """Recordings that run at half the speed have the same segments at half the speed."""
    recordings, truth = world(0, 3)
    recogniser = train_recogniser(recordings, truth, ["run", "walk"], SECONDS, SETTINGS, 0)
    (one, *_) = recordings.values()
    segments = truth["r0"].segments
    pooled = recogniser.recognise(one, segments)
    slow = type(one)(one.sequence, 2 * one.extent, 2 * one.snippet_seconds)
    settings = SETTINGS.model_copy(update={"context_seconds": 2 * SETTINGS.context_seconds})
    slower = type(recogniser)(**{**vars(recogniser), "settings": settings}).recognise(slow, 2 * segments)
    assert pooled.probability.argmax(axis=1).tolist() == slower.probability.argmax(axis=1).tolist()
