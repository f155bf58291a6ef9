"""Read the ground truth and the predictions that the verbs share."""

import argparse
import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bsnpp.annotations.exclusion import read_excluded
from bsnpp.annotations.groups import read_groups
from bsnpp.annotations.source import source_of
from bsnpp.annotations.subset import SubsetTruth, read_subset
from bsnpp.cli.output import show
from bsnpp.core.class_list import read_classes
from bsnpp.core.errors import UserError
from bsnpp.core.files import read_text
from bsnpp.core.wording import counted
from bsnpp.evaluation.matching import Matches, match_detections
from bsnpp.evaluation.metrics import class_agnostic, denominators
from bsnpp.evaluation.prediction_text import THUMOS14_CLASSES, read_class_numbers
from bsnpp.evaluation.predictions import Predictions, read_predictions
from bsnpp.evaluation.protocols import protocol_line
from bsnpp.evaluation.screening import Reading, Screened, screen_predictions
from bsnpp.evaluation.thresholds import parse_thresholds


def read_truth(arguments: argparse.Namespace, scored: bool = True) -> SubsetTruth:
    """Read the chosen ground truth and show what it contains.

    Parameters
    ----------
    arguments : argparse.Namespace
        Options of `options.add_truth`.
    scored : bool
        Whether instances are needed.

    Raises
    ------
    UserError
        If a file cannot be read, is invalid, has no such subset, or no instance where one is needed.
    """
    source = replace(
        source_of(arguments.annotations, arguments.subset_table, arguments.video_table),
        label=arguments.label,
        class_names=tuple(arguments.class_names),
    )
    truth = read_subset(source, arguments.subset, exclude=arguments.exclude)
    notes = list(truth.notes)
    if arguments.only is not None:
        only = read_video_list(arguments.only)
        absent = sorted(
            name for name in only if not {name, name.removeprefix("v_")} & set(truth.videos["video"])
        )
        truth = truth.only(only)
        notes += [f"{arguments.only}: {name!r} is not a video of the subset" for name in absent]
    if arguments.classes is not None:
        truth = truth.with_classes(read_classes(arguments.classes, required=False))
    duplicates = int(truth.instances.duplicated().sum())
    dropped = arguments.duplicates == "drop"
    if dropped:
        truth = truth.without_duplicates()
    if scored and truth.instances.empty:
        raise UserError(f"{truth.path}: the subset {truth.subset} has no annotations to score")
    counts = (
        counted(len(truth.videos), "video"),
        counted(len(truth.instances), "instance"),
        counted(len(truth.classes), "class", "classes"),
    )
    show("ground truth", f"{truth.path}: {', '.join(counts)}")
    for note in notes:
        show("", note)
    if duplicates:
        show("", f"duplicate instances: {duplicates:,}, {'dropped' if dropped else 'kept'}")
    show("protocol", protocol_line(truth.subset, len(truth.videos)))
    return truth


def read_video_list(path: str) -> frozenset[str]:
    """Read ids of videos: one a line, a JSON list, or the column `video` of a CSV table.

    Raises
    ------
    UserError
        If the file is missing or unreadable.
    """
    rows = csv.DictReader(io.StringIO(read_text(path, "ids of videos")))
    if "video" in (rows.fieldnames or []):
        return frozenset((row["video"] or "").strip() for row in rows)
    return read_excluded(path)


def read_screened(
    arguments: argparse.Namespace, path: str | Path, truth: SubsetTruth, labels: bool = True
) -> tuple[Predictions, Screened]:
    """Read one file of predictions, fit it to the ground truth, and show what was changed.

    Parameters
    ----------
    arguments : argparse.Namespace
        Options of `options.add_reading`.
    path : str or Path
        The predictions.
    truth : SubsetTruth
        Ground truth.
    labels : bool
        Whether labels are needed.

    Raises
    ------
    UserError
        If a file cannot be read, is invalid or does not fit.
    """
    numbers = arguments.class_numbers
    known = THUMOS14_CLASSES if numbers is None else read_class_numbers(numbers)
    predictions = read_predictions(path, labels, known)
    reading: Reading = "strict" if arguments.strict else "verbatim" if arguments.verbatim else "lenient"
    screened = screen_predictions(predictions, truth.videos, truth.classes, truth.subset, reading)
    videos = screened.table["video"].nunique()
    show("predictions", f"{path}: {len(screened.table):,} in {counted(videos, 'video')}")
    for note in screened.notes:
        show("", note)
    return predictions, screened


def read_systems(
    arguments: argparse.Namespace, truth: SubsetTruth, paths: Sequence[str]
) -> tuple[list[Matches], list[dict[str, Any]]]:
    """Read several files of detections and match them to the ground truth.

    Parameters
    ----------
    arguments : argparse.Namespace
        Options of `options.add_reading`, `add_thresholds` and `add_class_agnostic`.
    truth : SubsetTruth
        Ground truth.
    paths : sequence of str
        The files.

    Returns
    -------
    matches : list of Matches
        Matched detections of every file, all with the same videos.
    reports : list of dict
        Of every file: `submission`, its path; `predictions`, their number; `notes` of the reading; and
        `denominators`, as the function of this name returns them.

    Raises
    ------
    UserError
        If the thresholds are invalid, or a file cannot be read, is invalid or does not fit.
    """
    thresholds = parse_thresholds(arguments.tiou)
    files = [read_screened(arguments, path, truth, not arguments.class_agnostic) for path in paths]
    others = {video for _, screened in files for video in screened.table["video"].unique()}
    videos = sorted({*truth.videos["video"], *others})  # others only in a verbatim reading
    instances = class_agnostic(truth.instances) if arguments.class_agnostic else truth.instances
    matched, reports = [], []
    for path, (predictions, screened) in zip(paths, files, strict=True):
        table = class_agnostic(screened.table) if arguments.class_agnostic else screened.table
        matches = match_detections(instances, table, thresholds, videos)
        matched.append(matches)
        reports.append(
            {
                "submission": path,
                "predictions": len(table),
                "notes": screened.notes,
                "denominators": denominators(
                    matches, truth.subset, list(truth.videos["video"]), predictions.videos
                ),
            }
        )
    return matched, reports


def resampling_groups(
    arguments: argparse.Namespace, truth: SubsetTruth, videos: Sequence[str]
) -> dict[str, str]:
    """Read the unit of every video for the bootstrap. Videos outside the subset are units of their own.

    Parameters
    ----------
    arguments : argparse.Namespace
        Options of `options.add_bootstrap`.
    truth : SubsetTruth
        Ground truth.
    videos : sequence of str
        All evaluated videos.

    Raises
    ------
    UserError
        If the table of groups cannot be read, or lacks a video of the subset.
    """
    alone = {video: video for video in videos}
    return alone | read_groups(arguments.groups, list(truth.videos["video"]))
