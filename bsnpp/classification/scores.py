"""Class scores of videos: read from public layouts, kept in HDF5, fused over classifiers."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import log_softmax, softmax

from bsnpp.core.errors import Faults
from bsnpp.stores.class_scores import ClassScores


def align_scores(
    members: Mapping[str, ClassScores], videos: Sequence[str], classes: Sequence[str]
) -> list[ClassScores]:
    """Bring classifiers to the same videos and classes, by name, whatever the orders of each.

    Parameters
    ----------
    members
        Scores of each classifier; videos that are not asked for are left out.
    videos, classes
        What every one of them must score; a class beyond these is a fault.

    Raises
    ------
    UserError
        With every missing video, missing or unknown class, and row that is not finite, of all members.
    """
    faults = Faults(
        "classifiers that do not fit together",
        "Expected: of each a finite row for every video, and exactly the classes of the challenge.",
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
            for index, found in zip(rows, logits, strict=True)
            if not np.isfinite(found).all()
        )
        if not faults:
            aligned.append(ClassScores(list(videos), list(classes), logits))
    faults.raise_if_any()
    return aligned


def fuse_scores(members: Sequence[ClassScores], weights: np.ndarray, temperatures: np.ndarray) -> np.ndarray:
    """Return softmax(sum_i weight_i * logits_i / temperature_i), shape (N, K), rows summing to 1.

    With weights that sum to 1, a panel of one, or of equal copies, gives its member's own calibrated
    probabilities.

    Parameters
    ----------
    members
        n classifiers with the same videos and classes, in the same order.
    weights, temperatures
        (n,) each; temperatures above 0.

    Raises
    ------
    ValueError
        If the members differ in videos or classes, or the numbers do not fit.
    """
    if not members or len(members) != len(weights) or len(members) != len(temperatures):
        raise ValueError(f"{len(members)} members, {len(weights)} weights, {len(temperatures)} temperatures")
    if any(other.videos != members[0].videos or other.classes != members[0].classes for other in members):
        raise ValueError("the members of a panel must have the same videos and classes, in the same order")
    if min(temperatures) <= 0:
        raise ValueError(f"temperatures must be above 0: {temperatures}")
    # Log-softmax first: then a large constant in one member's rows cannot swallow the digits of the others.
    logits = [log_softmax(member.logits, axis=1) for member in members]
    scaled = [w * z / t for w, z, t in zip(weights, logits, temperatures, strict=True)]
    return np.asarray(softmax(np.sum(scaled, axis=0), axis=1))
