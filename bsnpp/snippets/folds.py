"""Folds of recordings that never split a group."""

import warnings
from collections.abc import Mapping


def group_folds(groups: Mapping[str, str], folds: int) -> list[list[str]]:
    """Divide recordings into folds such that the recordings of a group (person) stay together.

    Groups are assigned to the folds in turn, those with the most recordings first.

    Parameters
    ----------
    groups : mapping of str to str
        Group of each recording.
    folds : int
        Number of folds; reduced to the number of groups if there are fewer. The recordings of a single group
        are divided one by one, with a warning; a single recording is the only fold.

    Returns
    -------
    list of list of str
        Recordings of each fold, sorted.
    """
    recordings: dict[str, list[str]] = {}
    for video in sorted(groups):
        recordings.setdefault(groups[video], []).append(video)
    if len(recordings) < 2:
        warnings.warn(
            "all training recordings are of one group (person), so that out-of-fold scores are too good: "
            + ("folds divide its recordings" if len(groups) > 1 else "its only recording is trained on, too"),
            stacklevel=2,
        )
        recordings = {video: [video] for video in sorted(groups)}
    order = sorted(recordings, key=lambda group: (-len(recordings[group]), group))
    parts: list[list[str]] = [[] for _ in range(min(folds, len(order)))]
    for place, group in enumerate(order):
        parts[place % len(parts)] += recordings[group]
    return [sorted(part) for part in parts]
