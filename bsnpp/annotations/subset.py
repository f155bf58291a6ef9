"""Read the ground truth of one subset, whatever the file calls it, to evaluate predictions."""

import difflib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bsnpp.annotations.entries import Entry
from bsnpp.annotations.exclusion import is_excluded, read_excluded, unmatched_entries
from bsnpp.annotations.layouts import load_entries
from bsnpp.annotations.names import normalised
from bsnpp.annotations.source import Source, source_of
from bsnpp.annotations.units import unit_faults
from bsnpp.core.errors import Faults, UserError
from bsnpp.core.wording import counted

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SubsetTruth:
    """Ground truth of one subset.

    Attributes
    ----------
    path : str
        The file.
    subset : str
        Name of the subset in the file, in lower case.
    videos : DataFrame[video, duration]
        Sorted by video; durations in seconds.
    instances : DataFrame[video, start, end, label]
        Seconds, as in the file: of zero length, after the end of the video and duplicate ones included.
    classes : list of str
        All classes of the file, sorted; those of other subsets included.
    notes : list of str
        One line for each entry of the list of excluded videos that names no video.
    """

    path: str
    subset: str
    videos: "pd.DataFrame"
    instances: "pd.DataFrame"
    classes: list[str]
    notes: list[str]

    def only(self, videos: Collection[str]) -> "SubsetTruth":
        """Keep some videos of the subset.

        Parameters
        ----------
        videos : collection of str
            Ids with or without `v_`; those of other subsets are ignored.

        Raises
        ------
        UserError
            If none of them is in the subset.
        """
        names = set(videos) | {name.removeprefix("v_") for name in videos}
        kept = self.videos[self.videos["video"].isin(names)].reset_index(drop=True)
        if kept.empty:
            shown = ", ".join(sorted(videos)[:5]) or "no video"
            raise UserError(f"{self.path}: the subset {self.subset} has none of the chosen videos: {shown}")
        instances = self.instances[self.instances["video"].isin(names)].reset_index(drop=True)
        return replace(self, videos=kept, instances=instances)

    def with_classes(self, classes: Collection[str]) -> "SubsetTruth":
        """Replace the classes.

        Raises
        ------
        UserError
            If an instance has a label that is not one of them.
        """
        unknown = sorted(set(self.instances["label"]) - set(classes))
        if unknown:
            number, examples = counted(len(unknown), "label"), ", ".join(unknown[:5])
            raise UserError(
                f"{self.path}: {number} of the subset {self.subset} missing from the class list, for example "
                f"{examples}"
            )
        return replace(self, classes=sorted(classes))

    def without_duplicates(self) -> "SubsetTruth":
        """Drop instances that are equal to an earlier one. The official script keeps them."""
        return replace(self, instances=self.instances.drop_duplicates(ignore_index=True))


def read_subset(
    path: str | Source, subset: str, subset_table: str | None = None, exclude: str | None = None
) -> SubsetTruth:
    """Read the ground truth of one subset.

    Parameters
    ----------
    path : str or Source
        Annotations in a layout that `load_entries` reads. If these are a CSV or a flat JSON that names no
        subset, all its videos are read.
    subset : str
        Name of the subset in the file, in any case.
    subset_table : str, optional
        CSV table with the columns `video` and `subset`, for the flat layout of BSN and BMN.
    exclude : str, optional
        File with the ids of videos to leave out, with or without `v_`: one per line, or a JSON list.

    Returns
    -------
    SubsetTruth
        All videos and instances of the subset. There are no instances if no video has the key `annotations`,
        as in a testing subset.

    Raises
    ------
    UserError
        If a file cannot be read, there is no such subset, or an annotation is invalid or not in seconds.
    """
    import pandas as pd

    excluded = read_excluded(exclude)
    source = source_of(path, subset_table) if isinstance(path, str) else path
    listed = load_entries(source)
    notes = unmatched_entries(exclude, {entry.video for entry in listed})
    entries = [entry for entry in listed if not is_excluded(entry.video, excluded)]
    name = normalised(subset)
    undivided = source.subset_table is None and not any(entry.subset for entry in listed)
    whole = undivided and (source.form == "csv" or all("duration_second" in entry.times for entry in listed))
    chosen = [entry for entry in entries if whole or entry.subset == name]
    if not chosen:
        raise UserError(f"{source.name}: {_unknown_subset(subset, entries)}")
    notes += [note for entry in chosen for note in entry.notes]
    faults = Faults(f"{source.name}: invalid annotations")
    videos = [(entry.video, entry.seconds(faults)[0]) for entry in chosen]
    optional = all(entry.annotations is None for entry in chosen)
    instances = [row for entry in chosen for row in entry.instances(optional, faults)]
    faults.extend(unit_faults(instances, dict(videos)))
    faults.raise_if_any()
    others = Faults("ignored: faults of other subsets")
    labels = {row[3] for entry in entries for row in entry.instances(True, others)}
    table = pd.DataFrame(instances, columns=["video", "start", "end", "label"])
    return SubsetTruth(
        source.name,
        name,
        pd.DataFrame(videos, columns=["video", "duration"]),
        table.astype({"start": float, "end": float}),  # without instances the columns have no type
        sorted(labels),
        notes,
    )


def _unknown_subset(subset: str, entries: list[Entry]) -> str:
    counts = Counter(entry.subset for entry in entries)
    known = ", ".join(f"{name or '(none)'} ({counted(n, 'video')})" for name, n in sorted(counts.items()))
    similar = difflib.get_close_matches(normalised(subset), list(counts), n=1, cutoff=0.4)
    hint = f"; did you mean {similar[0]!r}?" if similar and similar[0] else ""
    return f"no video of the subset {subset!r}; the file has {known or 'no videos'}{hint}"
