"""Detections from the classes of snippets, without proposals: controls for the generators."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.snippets.semi_markov import SemiMarkovModel
from bsnpp.snippets.smoothing import HiddenMarkovModel
from bsnpp.stores.snippet_scores import SnippetScores

if TYPE_CHECKING:
    import pandas as pd


def group_runs(states: np.ndarray, probability: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Join neighbouring snippets of the same class; runs of background (class 0) are dropped.

    Parameters
    ----------
    states : np.ndarray
        Class of every snippet of a recording, int (t,).
    probability : np.ndarray
        Class probabilities of every snippet, float (t, K + 1).

    Returns
    -------
    borders : np.ndarray
        First snippet of each run and the one after its last, int64 (n, 2).
    state : np.ndarray
        Class of each run, above 0, int64 (n,).
    score : np.ndarray
        Mean probability of that class in the run, float64 (n,).
    """
    changes = np.flatnonzero(np.diff(states)) + 1
    first = np.concatenate([[0], changes]).astype(np.int64)
    stop = np.append(changes, len(states)).astype(np.int64)
    chosen = probability[np.arange(len(states)), states].astype(np.float64)
    sums = np.concatenate([[0.0], np.cumsum(chosen)])
    state = states[first].astype(np.int64)
    active = state > 0
    score = (sums[stop] - sums[first]) / (stop - first)
    return np.column_stack([first, stop])[active], state[active], score[active]


def runs_table(
    runs: Iterable[tuple[str, tuple[np.ndarray, np.ndarray, np.ndarray]]],
    classes: Sequence[str],
    snippet_seconds: float,
    extent: Mapping[str, float],
) -> "pd.DataFrame":
    """Tabulate the segments of many recordings as detections.

    Parameters
    ----------
    runs : iterable of (str, tuple)
        Recording and the result of `group_runs` or `SegmentPosterior.select`.
    classes : sequence of str
        K + 1 names, "background" first.
    snippet_seconds : float
        Time from one snippet to the next [s].
    extent : mapping of str to float
        Extent of each recording [s]; runs are cut there.

    Returns
    -------
    DataFrame[video, label, score, start, end]
        Detections, times in seconds.
    """
    import pandas as pd

    rows = [
        (video, classes[label], float(value), first * snippet_seconds, stop * snippet_seconds)
        for video, (borders, state, score) in runs
        for (first, stop), label, value in zip(borders.tolist(), state.tolist(), score, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["video", "label", "score", "start", "end"])
    table = table.astype({"score": float, "start": float, "end": float})
    table["end"] = np.minimum(table["end"], table["video"].map(extent).astype(float))
    # A run that starts after the end of the recording is empty.
    return table[table["start"] < table["end"]].reset_index(drop=True)


def detect_runs(
    scores: SnippetScores, videos: "pd.DataFrame", model: HiddenMarkovModel | None = None
) -> "pd.DataFrame":
    """Detect the runs of the best class of each snippet, or of the path of a hidden Markov model.

    Parameters
    ----------
    scores : SnippetScores
        Class scores of the snippets.
    videos : DataFrame[video, extent]
        Recordings to detect in and their extents [s].
    model : HiddenMarkovModel, optional
        Model that smooths the classes.

    Returns
    -------
    DataFrame[video, label, score, start, end]
        Detections, times in seconds.
    """
    runs = []
    for video in videos["video"]:
        probability = scores.probability_of(video)
        states = probability.argmax(axis=1) if model is None else model.smooth(probability)
        runs.append((video, group_runs(states, probability)))
    extent = dict(zip(videos["video"], videos["extent"], strict=True))
    return runs_table(runs, scores.classes, scores.snippet_seconds, extent)


def detect_segments(scores: SnippetScores, videos: "pd.DataFrame", model: SemiMarkovModel) -> "pd.DataFrame":
    """Detect the segments that match most instances according to a semi-Markov model.

    Parameters
    ----------
    scores, videos
        As for `detect_runs`.
    model : SemiMarkovModel
        The fitted model.

    Returns
    -------
    DataFrame[video, label, score, start, end]
        Detections, times in seconds; scores in [0, 1].
    """
    selected = [
        (video, model.posterior(scores.probability_of(video)).select(model.settings.per_class))
        for video in videos["video"]
    ]
    extent = dict(zip(videos["video"], videos["extent"], strict=True))
    return runs_table(selected, scores.classes, scores.snippet_seconds, extent)
