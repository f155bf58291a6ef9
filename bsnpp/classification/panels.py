"""Panels of classifiers of videos: alignment of the members, search for their weights, and fusion."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import softmax

from bsnpp.classification.mixing import mix_logits
from bsnpp.classification.targets import true_classes
from bsnpp.classification.weight_search import WeightSearch, search_weights
from bsnpp.classification.weight_search_settings import WeightMethod, WeightSearchSettings
from bsnpp.core.errors import Faults, UserError
from bsnpp.stores.class_scores import ClassScores, read_score_file

if TYPE_CHECKING:
    import pandas as pd


def align_scores(
    members: Mapping[str, ClassScores], videos: Sequence[str], classes: Sequence[str]
) -> list[ClassScores]:
    """Bring the scores of all members to the same videos and classes, matched by name.

    Parameters
    ----------
    members : mapping of str to ClassScores
        Scores of each classifier; other videos are ignored.
    videos : sequence of str
        Videos that every classifier must score.
    classes : sequence of str
        Exactly the classes that every classifier must score.

    Returns
    -------
    list of ClassScores
        Scores in the order of `members`, `videos` and `classes`.

    Raises
    ------
    UserError
        Lists every missing video, missing or unknown class, and non-finite row of all members.
    """
    faults = Faults(
        "scores of classifiers that do not match the challenge",
        "Expected for each classifier: a finite row for every video, exactly the classes of the challenge.",
    )
    aligned, known = [], set(classes)
    for name, scores in members.items():
        row = {video: index for index, video in enumerate(scores.videos)}
        column = {label: index for index, label in enumerate(scores.classes)}
        faults.extend(f"{name}: video {video}: missing" for video in videos if video not in row)
        faults.extend(f"{name}: class {label!r}: missing" for label in classes if label not in column)
        faults.extend(f"{name}: class {label!r}: unknown" for label in column if label not in known)
        rows = [row[video] for video in videos if video in row]
        logits = scores.logits[np.ix_(rows, [column[label] for label in classes if label in column])]
        faults.extend(
            f"{name}: video {scores.videos[index]}: a score is not a finite number"
            for index, values in zip(rows, logits, strict=True)
            if not np.isfinite(values).all()
        )
        if not faults:
            aligned.append(ClassScores(list(videos), list(classes), logits))
    faults.raise_if_any()
    return aligned


def read_panel(
    members: Sequence[str],
    files: Sequence[Sequence[str | Path]],
    videos: Sequence[Sequence[str]],
    classes: Sequence[str],
) -> list[list[ClassScores]]:
    """Read the scores of the members of a panel on several subsets, and align them.

    Parameters
    ----------
    members : sequence of str
        Names of the classifiers.
    files : sequence of sequence of str or Path
        For each subset, the score file of each member.
    videos : sequence of sequence of str
        Videos of each subset.
    classes : sequence of str
        Classes of the challenge.

    Returns
    -------
    list of list of ClassScores
        For each subset, the aligned scores of each member (`align_scores`).

    Raises
    ------
    UserError
        Lists the faults of all members on all subsets.
    """
    faults, aligned = Faults("scores of the classifiers of a panel"), []
    for paths, names in zip(files, videos, strict=True):
        scores = dict(zip(members, map(read_score_file, paths), strict=True))
        try:
            aligned.append(align_scores(scores, names, classes))
        except UserError as error:
            faults.add(str(error))
    faults.raise_if_any()
    return aligned


def search_video_weights(
    members: Sequence[ClassScores],
    instances: "pd.DataFrame",
    settings: WeightSearchSettings,
    method: WeightMethod,
    models: Sequence[str],
    average_map: Callable[[np.ndarray], float] | None = None,
) -> WeightSearch:
    """Search the weights of a panel on annotated videos.

    Parameters
    ----------
    members : sequence of ClassScores
        n classifiers with the same videos and classes in the same order.
    instances : DataFrame[video, label]
        Instances of these videos.
    settings, method, models, average_map
        As for `search_weights`.

    Returns
    -------
    WeightSearch
        Weights and temperatures of the members.
    """
    logits = np.stack([member.logits for member in members])
    targets = true_classes(instances, members[0].videos, members[0].classes)
    return search_weights(logits, targets, settings, method, models, average_map)


def fuse_scores(members: Sequence[ClassScores], weights: np.ndarray, temperatures: np.ndarray) -> np.ndarray:
    """Return softmax(sum_i weight_i * logits_i / temperature_i).

    If the weights sum to 1, a panel with one member, or with several copies of it, gives the member's own
    calibrated probabilities.

    Parameters
    ----------
    members : sequence of ClassScores
        n classifiers with the same videos and classes in the same order.
    weights, temperatures : np.ndarray
        Weight and temperature of each member, float (n,) each; temperatures above 0.

    Returns
    -------
    np.ndarray
        Probabilities, float64 (N, K); rows sum to 1.

    Raises
    ------
    ValueError
        If the members differ in videos or classes, the numbers of weights or temperatures are wrong, or a
        temperature is not above 0.
    """
    if not members or len(members) != len(weights) or len(members) != len(temperatures):
        raise ValueError(f"{len(members)} members, {len(weights)} weights, {len(temperatures)} temperatures")
    if any(other.videos != members[0].videos or other.classes != members[0].classes for other in members):
        raise ValueError("the members of a panel must have the same videos and classes, in the same order")
    if min(temperatures) <= 0:
        raise ValueError(f"temperatures must be above 0: {temperatures}")
    logits = mix_logits([member.logits for member in members], weights, temperatures)
    return np.asarray(softmax(logits, axis=1))
