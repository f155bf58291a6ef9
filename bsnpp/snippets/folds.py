"""Folds of recordings that never split a group."""

from collections.abc import Mapping

from bsnpp.core.errors import UserError


def group_folds(groups: Mapping[str, str], folds: int) -> list[list[str]]:
    """Divide recordings into folds such that the recordings of a group (person) stay together.

    Groups are dealt to the folds in turn, those with the most recordings first.

    Parameters
    ----------
    groups : mapping of str to str
        Group of each recording.
    folds : int
        Number of folds; reduced to the number of groups if there are fewer.

    Returns
    -------
    list of list of str
        Recordings of each fold, sorted.

    Raises
    ------
    UserError
        If there are fewer than two groups.
    """
    recordings: dict[str, list[str]] = {}
    for video in sorted(groups):
        recordings.setdefault(groups[video], []).append(video)
    if len(recordings) < 2:
        raise UserError("out-of-fold scores need training recordings of at least two groups (persons)")
    order = sorted(recordings, key=lambda group: (-len(recordings[group]), group))
    parts: list[list[str]] = [[] for _ in range(min(folds, len(order)))]
    for place, group in enumerate(order):
        parts[place % len(parts)] += recordings[group]
    return [sorted(part) for part in parts]
