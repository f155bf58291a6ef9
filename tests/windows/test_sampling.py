"""Features of windows equal plain loops, and overlapping windows agree."""

import numpy as np
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from bsnpp.stores.windows import RecordingWindows
from bsnpp.windows.cutting import windows
from bsnpp.windows.sampling import sample_recordings, window_features
from bsnpp.windows.settings import WindowSettings
from tests.reference import windows as reference
from tests.windows.options import SMALL, settings


@given(length=st.integers(1, 60), extent=st.floats(0.3, 25), options=settings, seed=st.integers(0, 9))
@limits(max_examples=80, deadline=None)
def test_features_equal_the_loops(length: int, extent: float, options: WindowSettings, seed: int) -> None:
    sequence = np.random.default_rng(seed).standard_normal((length, 3)).astype(np.float32)
    starts = windows(extent, options)
    features = window_features(sequence, starts, extent, options, options.snippet_seconds)
    expected = reference.window_features(sequence, starts.tolist(), extent, options)
    assert features.dtype == np.float32 and features.shape == (len(starts), 3, options.cells)
    np.testing.assert_allclose(features, expected, atol=2e-6)


def test_two_snippets_per_cell_are_averaged_and_the_padding_is_zero() -> None:
    sequence = np.arange(1, 7, dtype=np.float32)[:, None]  # six snippets of 0.25 s: three cells of 1.5 s
    features = window_features(sequence, windows(1.5, SMALL), 1.5, SMALL, 0.25)
    assert features.tolist() == [[[1.5, 3.5, 5.5, 0, 0, 0, 0, 0]]]


def test_fewer_snippets_than_cells_are_interpolated() -> None:
    sequence = np.array([[1.0], [3.0]], np.float32)  # centred at 1 and 3 s
    features = window_features(sequence, np.zeros(1), 4.0, SMALL, 2.0)
    # Cells 2 and 6 start at the centres, which therefore lie in them.
    assert features[0, 0].tolist() == [1.0, 1.0, 1.0, 1.75, 2.25, 2.75, 3.0, 3.0]


@given(extent=st.floats(8, 25), seed=st.integers(0, 9))
@limits(max_examples=80, deadline=None)
def test_overlapping_windows_agree_on_their_common_cells(extent: float, seed: int) -> None:
    sequence = np.random.default_rng(seed).standard_normal((int(extent / 0.25), 2)).astype(np.float32)
    features = window_features(sequence, windows(extent, SMALL), extent, SMALL, 0.25)
    np.testing.assert_array_equal(features[0, :, 2:], features[1, :, :-2])  # a step is two cells


def test_the_windows_of_several_recordings() -> None:
    recordings = {
        "a": RecordingWindows("a", ["a@0000", "a@0001"], np.array([0.0, 1.0])),
        "b": RecordingWindows("b", ["b@0000"], np.array([0.0])),
    }
    sequences = [("b", np.full((8, 1), 2.0, np.float32)), ("a", np.full((20, 1), 3.0, np.float32))]
    sampled = sample_recordings(sequences, recordings, {"a": 5.0, "b": 2.0}, SMALL.grid, SMALL.snippets)
    rows = {window: features.tolist() for window, features in sampled}
    assert rows == {"b@0000": [[2.0] * 4 + [0.0] * 4], "a@0000": [[3.0] * 8], "a@0001": [[3.0] * 8]}
