"""Ground truth of every public layout, read into one table of videos and one of instances."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bsnpp.annotations.entries import Entry
from bsnpp.annotations.layouts import load_entries, read_classes, read_excluded
from bsnpp.annotations.settings import AnnotationSettings, Subset
from bsnpp.core.errors import Faults, UserError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Annotations:
    """Ground truth of all subsets.

    Attributes
    ----------
    videos : DataFrame[video, subset, duration, extent]
        Sorted by video. subset is the file's name, normalised; duration in seconds; extent is the seconds
        that the features cover, the corrected duration of conventions 3 for `bmn`, the duration elsewhere.
    instances : DataFrame[video, start, end, label]
        Seconds, as the file has them: zero length, past the end and duplicates included.
    classes : list of str
        Every class, sorted: the canonical order.
    subset_names : dict
        The file's name of training, validation and testing.
    """

    videos: "pd.DataFrame"
    instances: "pd.DataFrame"
    classes: list[str]
    subset_names: dict[Subset, str]

    def subset(self, name: Subset) -> "tuple[pd.DataFrame, pd.DataFrame]":
        """The videos [video, duration, extent] and instances of a subset, sorted by video, then by start.

        Raises
        ------
        UserError
            If the file has no video of that subset.
        """
        rows = self.videos["subset"] == self.subset_names[name]
        if not rows.any():
            present = ", ".join(sorted(set(self.videos["subset"])))
            raise UserError(
                f"annotations: no video of the subset {name}, which the file should call "
                f"{self.subset_names[name]!r}; it has {present or 'none'}: mend the key `subsets`, where "
                "another one may stand for it"
            )
        videos = self.videos.loc[rows, ["video", "duration", "extent"]].reset_index(drop=True)
        instances = self.instances[self.instances["video"].isin(videos["video"])]
        return videos, instances.reset_index(drop=True)


def read_annotations(settings: AnnotationSettings) -> Annotations:
    """Read and check the ground truth; videos of a subset for which `subsets` puts another are left out.

    Raises
    ------
    UserError
        With every fault: missing keys, unknown subsets, durations that are not positive, numbers that are not
        finite, ends before starts, labels that no class list has, times of another unit than seconds; or at
        once if a file cannot be read.
    """
    import pandas as pd

    faults = Faults(f"{settings.path}: faulty annotations", "Mend it, or leave videos out by `exclude`.")
    names = settings.subset_names
    videos: list[tuple[str, str, float, float]] = []
    instances: list[tuple[str, str, float, float, str]] = []
    left_out = settings.replaced_subsets
    lacking = {names["testing"]} - {names["validation"], names["training"]}
    for entry in _entries(settings):
        if entry.subset in left_out:
            continue
        if entry.subset not in names.values():
            faults.add(_subset_fault(entry, settings))
            continue
        duration, extent = entry.seconds(faults)
        videos.append((entry.video, entry.subset, duration, extent))
        instances.extend((entry.subset, *row) for row in entry.instances(entry.subset in lacking, faults))
    if settings.classes is not None:
        classes = read_classes(settings.classes)
    else:
        classes = sorted({row[-1] for row in instances if row[0] == names["training"]})
    faults.extend(_class_faults(instances, classes, settings.classes))
    faults.extend(_late_faults(instances, {video: duration for video, _, duration, _ in videos}))
    faults.raise_if_any()
    columns = ["video", "start", "end", "label"]
    table = pd.DataFrame([row[1:] for row in instances], columns=columns)
    table = table.astype({"start": float, "end": float})  # also where there is no instance at all
    return Annotations(
        videos=pd.DataFrame(videos, columns=["video", "subset", "duration", "extent"]),
        instances=table.sort_values(["video", "start"], kind="stable", ignore_index=True),
        classes=classes,
        subset_names=names,
    )


def subset_digest(settings: AnnotationSettings, subset: Subset) -> str:
    """A short hash of one subset's entries, for reruns; "missing" if a file that `settings` name is missing.

    It changes with the subset's videos, durations and annotations, and with nothing else: an edit of a test
    video leaves the training digest alone.

    Raises
    ------
    UserError
        If a file is unreadable.
    """
    if not all(Path(path).exists() for path in settings.files):
        return "missing"
    name = settings.subset_names[subset]
    content = [[e.video, e.times, e.annotations] for e in _entries(settings) if e.subset == name]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def check_scored(settings: AnnotationSettings, subset: Subset) -> None:
    """Refuse a subset without a single annotation; files that are not there yet are not looked into.

    Raises
    ------
    UserError
        If it has none, or a file is unreadable.
    """
    if not all(Path(path).exists() for path in settings.files):
        return
    name = settings.subset_names[subset]
    if not any(entry.annotations for entry in _entries(settings) if entry.subset == name):
        raise UserError(
            f"{settings.path}: the subset {subset} has no annotation to score; "
            "leave it out of `scored_subsets`"
        )


def _entries(settings: AnnotationSettings) -> list[Entry]:
    return load_entries(settings.path, settings.subset_table, read_excluded(settings.exclude))


def _subset_fault(entry: Entry, settings: AnnotationSettings) -> str:
    if not entry.subset:
        return f"{entry.video}: no subset in {settings.subset_table or 'its entry'}"
    known = ", ".join(sorted(set(settings.subset_names.values())))
    return f"{entry.video}: unknown subset {entry.subset!r}; known are {known} (key `subsets`)"


def _late_faults(
    instances: list[tuple[str, str, float, float, str]], durations: dict[str, float]
) -> Iterator[str]:
    """One fault if most segments begin behind the end of their video: times of another unit."""
    late = [row for row in instances if row[2] > durations[row[1]]]
    if 2 * len(late) > len(instances):
        _, video, start, _, _ = late[0]
        yield (
            f"{len(late)} of {len(instances)} segments begin after their video has ended, the first in "
            f"{video} at {start:g} of {durations[video]:g} s; times should be seconds: are these frames?"
        )


def _class_faults(
    instances: list[tuple[str, str, float, float, str]], classes: list[str], path: str | None
) -> Iterator[str]:
    """One fault for every label that is no class; one alone if there are no classes."""
    if not classes:
        yield "no training instance, so no classes: name a class list by the key `classes`"
        return
    where = path or "the training subset (name a class list by the key `classes`)"
    counts: dict[str, list[str]] = {}
    known = set(classes)
    for _, video, _, _, label in instances:
        if label not in known:
            counts.setdefault(label, []).append(video)
    for label, videos in sorted(counts.items()):
        yield f"label {label!r} is not in {where}: {len(videos)} instances, the first in {videos[0]}"
