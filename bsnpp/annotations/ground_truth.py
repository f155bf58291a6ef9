"""Read the ground truth of all subsets, in any layout, as a table of videos and a table of instances."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bsnpp.annotations.entries import Entry
from bsnpp.annotations.exclusion import is_excluded, read_excluded, unmatched_entries
from bsnpp.annotations.layouts import load_entries
from bsnpp.annotations.names import id_fault
from bsnpp.annotations.settings import AnnotationSettings, Subset
from bsnpp.annotations.units import unit_faults
from bsnpp.core.class_list import HEADER, read_classes
from bsnpp.core.errors import Faults, UserError
from bsnpp.core.wording import counted

if TYPE_CHECKING:
    import pandas as pd

TEST_NOTE = (
    "no video of the subset testing: its place is taken by the subset validation, so both have the same "
    "scores; set `subsets: {testing: validation}` if this is intended"
)


@dataclass(frozen=True)
class Annotations:
    """Ground truth of all subsets.

    Attributes
    ----------
    videos : pd.DataFrame
        Columns video, subset, duration, extent; sorted by video. `subset` is the normalised name in the file.
        `duration` [s]. `extent` [s] is the time that the features cover: the corrected duration for the
        layout `bmn`, else the duration (conventions, section 3).
    instances : pd.DataFrame
        Columns video, start, end, label. Times [s] as in the file: instances of zero length, instances that
        end after the video, and duplicates are kept.
    classes : list of str
        All classes in canonical order, that is sorted.
    subset_names : dict
        Normalised names of the subsets training, validation and testing in the file.
    notes : list of str
        One line for each entry of the list of excluded videos that names no video, and for each annotation
        that was left out.
    test_note : str
        If there is no test subset, what is used instead; else empty.
    """

    videos: "pd.DataFrame"
    instances: "pd.DataFrame"
    classes: list[str]
    subset_names: dict[Subset, str]
    notes: list[str]
    test_note: str = ""

    def subset(self, name: Subset) -> "tuple[pd.DataFrame, pd.DataFrame]":
        """Select the videos and the instances of one subset.

        Returns
        -------
        videos : pd.DataFrame
            Columns video, duration [s], extent [s]; sorted by video.
        instances : pd.DataFrame
            Columns video, start [s], end [s], label; sorted by video, then by start.

        Raises
        ------
        UserError
            If the subset has no video.
        """
        rows = self.videos["subset"] == self.subset_names[name]
        if not rows.any():
            raise UserError(
                f"annotations: {_absent_subset(name, self.subset_names[name], set(self.videos['subset']))}"
            )
        videos = self.videos.loc[rows, ["video", "duration", "extent"]].reset_index(drop=True)
        instances = self.instances[self.instances["video"].isin(videos["video"])]
        return videos, instances.reset_index(drop=True)


def read_annotations(settings: AnnotationSettings) -> Annotations:
    """Read and check the ground truth. Subsets that `subsets` replaces by another one are ignored.

    Raises
    ------
    UserError
        If a file cannot be read, or with all faults of the annotations: missing keys, unknown subsets or
        labels, times that are not finite, durations that are not positive, segments that end before they
        start or that are not in seconds.
    """
    import pandas as pd

    source = settings.source
    faults = Faults(f"{source.name}: invalid annotations", "Fix them, or exclude the videos with `exclude`.")
    entries = load_entries(source)
    names = _subset_names(settings, entries)
    videos: list[tuple[str, str, float, float]] = []
    instances: list[tuple[str, str, float, float, str]] = []
    ignored = settings.replaced_subsets
    without_annotations = {names["testing"]} - {names["validation"], names["training"]}
    excluded = read_excluded(settings.exclude)
    notes = unmatched_entries(settings.exclude, {entry.video for entry in entries})
    for entry in entries:
        if entry.subset in ignored or is_excluded(entry.video, excluded):
            continue
        if entry.subset not in names.values():
            faults.add(_subset_fault(entry, settings))
            continue
        faults.extend(filter(None, [id_fault(entry.video)]))
        duration, extent = entry.seconds(faults)
        videos.append((entry.video, entry.subset, duration, extent))
        notes.extend(entry.notes)
        optional = entry.subset in without_annotations
        instances.extend((entry.subset, *row) for row in entry.instances(optional, faults))
    if settings.classes is not None:
        classes = read_classes(settings.classes, required=False)
    else:
        classes = sorted({row[-1] for row in instances if row[0] == names["training"]})
    spaced = sorted({label for *_, label in instances if label != label.strip()})
    faults.extend(f"label {label!r:.80}: remove the spaces around it" for label in spaced)
    faults.extend(_class_faults(instances, classes, settings.classes))
    faults.extend(
        unit_faults([row[1:] for row in instances], {video: duration for video, _, duration, _ in videos})
    )
    faults.raise_if_any()
    columns = ["video", "start", "end", "label"]
    table = pd.DataFrame([row[1:] for row in instances], columns=columns)
    table = table.astype({"start": float, "end": float})  # without instances the columns have no type
    return Annotations(
        videos=pd.DataFrame(videos, columns=["video", "subset", "duration", "extent"]),
        instances=table.sort_values(["video", "start"], kind="stable", ignore_index=True),
        classes=classes,
        subset_names=names,
        notes=notes,
        test_note="" if names == settings.subset_names else TEST_NOTE,
    )


def subset_digest(settings: AnnotationSettings, subset: Subset) -> str:
    """Return a digest of the annotations of one subset, or "missing" if a file is missing.

    It depends only on the videos, durations and annotations of this subset: editing a test video does not
    change the digest of the training subset, and so does not rerun the training.

    Raises
    ------
    UserError
        If a file is unreadable.
    """
    if not all(Path(path).exists() for path in settings.files):
        return "missing"
    entries = _entries(settings)
    name = _subset_names(settings, entries)[subset]
    content = [[e.video, e.times, e.annotations] for e in entries if e.subset == name]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def subset_videos(settings: AnnotationSettings, subset: Subset) -> dict[str, float]:
    """Return the videos of one subset with their durations [s], 0 if unknown; nothing if a file is missing.

    Raises
    ------
    UserError
        If a file is unreadable.
    """
    if not all(Path(path).exists() for path in settings.files):
        return {}
    entries = _entries(settings)
    name = _subset_names(settings, entries)[subset]
    unread = Faults("durations that `read_annotations` reports")
    return {entry.video: entry.seconds(unread)[0] for entry in entries if entry.subset == name}


def check_scored(settings: AnnotationSettings, subset: Subset) -> None:
    """Check that a subset has annotations to score. If a file does not exist yet, nothing is checked.

    Raises
    ------
    UserError
        If the file has no such subset, the subset has no annotation, or a file is unreadable.
    """
    if not all(Path(path).exists() for path in settings.files):
        return
    entries = _entries(settings)
    name = _subset_names(settings, entries)[subset]
    present = {entry.subset for entry in entries}
    if name not in present:
        raise UserError(f"{settings.source.name}: {_absent_subset(subset, name, present)}")
    if not any(entry.annotations for entry in entries if entry.subset == name):
        raise UserError(
            f"{settings.source.name}: the subset {subset} has no annotations to score; "
            "remove it from `scored_subsets`"
        )


def _subset_names(settings: AnnotationSettings, entries: list[Entry]) -> dict[Subset, str]:
    """Name every subset in the file. Without a test subset, unless a key names it, it is validation."""
    names, present = settings.subset_names, {entry.subset for entry in entries}
    absent = names["testing"] not in present and names["validation"] in present
    return (
        {**names, "testing": names["validation"]} if absent and "testing" not in settings.subsets else names
    )


def _entries(settings: AnnotationSettings) -> list[Entry]:
    excluded = read_excluded(settings.exclude)
    entries = load_entries(settings.source)
    return [entry for entry in entries if not is_excluded(entry.video, excluded)]


def _absent_subset(subset: Subset, name: str, present: set[str]) -> str:
    known = ", ".join(sorted(filter(None, present))) or "none"
    return (
        f"no video of the subset {subset}, called {name!r} in the file, which has {known}; correct the key "
        "`subsets` (it can use another subset instead)"
    )


def _subset_fault(entry: Entry, settings: AnnotationSettings) -> str:
    if not entry.subset:
        places = {
            "bmn": "its entry, and no `subset_table`",
            "csv": "the table, `video_lists` or `video_table`",
        }
        where = settings.subset_table or places.get(settings.layout, "its entry")
        return f"{entry.video}: no subset in {where}; or give `path` a file per subset"
    known = ", ".join(sorted(set(settings.subset_names.values())))
    where = f" in {settings.subset_table}" if settings.subset_table else ""
    return f"{entry.video}: unknown subset {entry.subset!r}{where}; known: {known} (key `subsets`)"


def _class_faults(
    instances: list[tuple[str, str, float, float, str]], classes: list[str], path: str | None
) -> Iterator[str]:
    """Yield a fault for every label that is not a class, or a single one if there are no classes."""
    if not classes:
        yield "no training instance, and so no classes; set the key `classes` to a class list"
        return
    where = path or "the training subset (the key `classes` can name a class list)"
    counts: dict[str, list[str]] = {}
    known = set(classes)
    for _, video, _, _, label in instances:
        if label not in known:
            counts.setdefault(label, []).append(video)
    for label, videos in sorted(counts.items()):
        # As the first line of a class list, this label is a header.
        hint = "; list it on another line than the first" if label == HEADER and path else ""
        number = counted(len(videos), "instance")
        yield f"label {label!r} is not in {where}: {number}, the first in {videos[0]}{hint}"
