"""Sample the features of a recording at the cells of its windows."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from bsnpp.features.interpolation import values_at
from bsnpp.stores.windows import RecordingWindows
from bsnpp.windows.cells import TOLERANCE, CellSettings
from bsnpp.windows.snippet_settings import SnippetSettings


def sample_recordings(
    sequences: Iterable[tuple[str, np.ndarray]],
    recordings: Mapping[str, RecordingWindows],
    extents: Mapping[str, float],
    settings: CellSettings,
    snippets: SnippetSettings,
) -> Iterator[tuple[str, np.ndarray]]:
    """Sample the sequences of many recordings at the cells of all their windows, one recording at a time.

    Parameters
    ----------
    sequences : iterable of (str, np.ndarray)
        Id of each recording and its snippets, float32 (t, C).
    recordings : mapping of str to RecordingWindows
        Windows of each recording.
    extents : mapping of str to float
        Length of each recording [s].
    settings : CellSettings
    snippets : SnippetSettings

    Yields
    ------
    window : str
        Id of the window.
    features : np.ndarray
        float32 (C, T).
    """
    for video, sequence in sequences:
        _, names, starts = recordings[video]
        features = window_features(sequence, starts, extents[video], settings, snippets.snippet_seconds)
        yield from zip(names, features, strict=True)


def window_features(
    sequence: np.ndarray, starts: np.ndarray, extent: float, settings: CellSettings, snippet_seconds: float
) -> np.ndarray:
    """Sample a sequence of snippets at the cells of every window.

    The value of a cell is the mean of the snippets whose centres lie in the cell (its start included, its end
    not). A cell without a snippet centre takes the value at its own centre, interpolated linearly between
    snippet centres and constant beyond the first and the last. Cells that start at or after the end of the
    recording are padding; their value is 0.

    Parameters
    ----------
    sequence : np.ndarray
        Snippets of the recording, float32 (t, C) with t at least 1. Snippet k is centred at
        (k + 0.5) * `snippet_seconds`.
    starts : np.ndarray
        Starts of the windows [s], (W,).
    extent : float
        Length of the recording [s].
    settings : CellSettings
    snippet_seconds : float
        Time from one snippet to the next [s].

    Returns
    -------
    np.ndarray
        float32 (W, C, T).
    """
    edges = settings.edges(starts)
    # Number of snippet centres before each edge. With the tolerance, both cells at an edge agree on a tie.
    before = np.ceil((edges - TOLERANCE) / snippet_seconds - 0.5)
    before = np.clip(before, 0, len(sequence)).astype(np.int64)
    total = np.zeros((len(sequence) + 1, sequence.shape[1]))
    np.cumsum(sequence, axis=0, dtype=np.float64, out=total[1:])
    count = np.diff(before, axis=1)  # (W, T)
    values = (np.diff(total[before], axis=1) / np.maximum(count, 1)[..., None]).astype(np.float32)
    centres = (edges[:, :-1] + edges[:, 1:]) / 2
    empty = count == 0
    values[empty] = values_at(sequence, centres[empty] / snippet_seconds - 0.5)
    values[edges[:, :-1] >= extent - TOLERANCE] = 0.0
    return np.ascontiguousarray(values.transpose(0, 2, 1))
