"""Files of trained recognisers: plain arrays and their settings, no pickles."""

from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from bsnpp.core.calibration import as_knots, from_knots
from bsnpp.core.errors import UserError
from bsnpp.recogniser.features import SEGMENT_PARTS, edge_width, segment_width
from bsnpp.recogniser.recogniser import Recogniser
from bsnpp.recogniser.settings import RecognitionSettings
from bsnpp.snippets.plain_estimators import PlainEstimator, parse_estimators, plain, save_estimators
from bsnpp.snippets.semi_markov import SemiMarkovModel

GROUPS = ("classifiers", "overlaps", "offsets")
"""Fields of a recogniser with estimators."""


def save_recogniser(path: str | Path, recogniser: Recogniser) -> None:
    """Write a trained recogniser; the same one gives the same bytes.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    estimators = {
        f"{group}.{number}": plain(pipeline)
        for group in GROUPS
        for number, pipeline in enumerate(getattr(recogniser, group))
    }
    header = {
        "classes": recogniser.classes,
        "channels": (recogniser.classifiers[0].n_features_in_ - 1) // (SEGMENT_PARTS + 2),
        "snippet_seconds": recogniser.snippet_seconds,
        "settings": recogniser.settings.model_dump(mode="json"),
        "sequence": None if recogniser.sequence is None else recogniser.sequence.as_lists(),
        "calibration": as_knots(recogniser.calibration),
    }
    save_estimators(path, estimators, header)


def parse_recogniser(data: bytes, where: str) -> tuple[Recogniser, int]:
    """Read a recogniser and its number of channels from the bytes of its file; `where` names it in messages.

    Returns
    -------
    recogniser : Recogniser
        Gives the same results, bit for bit.
    channels : int
        Channels of the features that it reads.

    Raises
    ------
    UserError
        If these are not the bytes of a file that `save_recogniser` wrote.
    """
    estimators, header = parse_estimators(data, where)
    try:
        settings = RecognitionSettings.model_validate(header["settings"])
        classes, channels = [str(name) for name in header["classes"]], int(header["channels"])
        classifiers, overlaps, offsets = groups = [_group(estimators, name) for name in GROUPS]
        _check(groups, len(classes), channels, settings)
        seconds = None if header["snippet_seconds"] is None else float(header["snippet_seconds"])
        if seconds is not None and not seconds > 0:
            raise ValueError("snippets without length")
        sequence = _sequence(header["sequence"], len(classes), settings)
        calibration = from_knots(header.get("calibration"))  # none in bundles of earlier versions
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise UserError(f"{where}: not a recogniser ({error}); run the stage again") from error
    parts = (classifiers, overlaps, offsets, seconds, settings, sequence, calibration)
    return Recogniser(classes, *parts), channels


def _group(estimators: dict[str, PlainEstimator], name: str) -> list[PlainEstimator]:
    numbers = sorted(int(key.split(".")[1]) for key in estimators if key.startswith(f"{name}."))
    return [estimators[f"{name}.{number}"] for number in numbers]


def _sequence(
    lists: dict[str, list[Any]] | None, classes: int, settings: RecognitionSettings
) -> SemiMarkovModel | None:
    """Return the semi-Markov model that the settings ask for; ValueError if it is missing or does not fit."""
    if settings.sequence is None:
        return None
    if lists is None:
        raise ValueError("the semi-Markov model is missing")
    return SemiMarkovModel.from_lists(lists, classes + 1, settings.sequence)


def _check(
    groups: list[list[PlainEstimator]], classes: int, channels: int, settings: RecognitionSettings
) -> None:
    """Check the estimators against the number of classes and the widths of `segment_features` and of
    `edge_features`.
    """
    classifiers, overlaps, offsets = groups
    whole, edges = segment_width(channels), edge_width(channels, settings.edge_snippets)
    if not classifiers or not overlaps or len(offsets) != 2:
        raise ValueError("estimators are missing")
    for estimator in (*classifiers, *overlaps):
        estimator.check(whole)
    for estimator in offsets:
        estimator.check(edges)
    for estimator in classifiers:
        if not len(estimator.classes_) or not np.isin(estimator.classes_, np.arange(classes + 1)).all():
            raise ValueError("labels that are not those of its classes")
    if any(len(estimator.classes_) for estimator in (*overlaps, *offsets)):
        raise ValueError("a classifier in place of a regressor")
