"""Fit predictions to the videos and classes of a subset.

Three readings; `verbatim` evaluates what the official script would:

| in the file | lenient | strict | verbatim |
|---|---|---|---|
| ids with a `v_` that the subset does not have | matched without it | refused | as other videos |
| predictions in videos outside the subset | left out | refused | false positives |
| segments that reach past the video's duration or before 0 | clipped | refused | kept |
| exact duplicates | dropped | refused | kept |
| videos of the subset that the file does not list | no predictions | refused | no predictions |
| labels that are not classes, times of another unit | refused | refused | refused |
"""

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from bsnpp.core.errors import Faults, UserError
from bsnpp.core.near_names import near_names
from bsnpp.core.wording import counted
from bsnpp.evaluation.overlap import encode
from bsnpp.evaluation.predictions import Predictions

Reading = Literal["lenient", "strict", "verbatim"]


@dataclass(frozen=True)
class Screened:
    """Predictions that fit a subset.

    Attributes
    ----------
    table : pd.DataFrame
        Columns video, label, score, start, end [s]; without label if labels were not read.
    notes : list of str
        One line for each kind of difference between the file and the subset, with its count.
    """

    table: pd.DataFrame
    notes: list[str]


def screen_predictions(
    predictions: Predictions,
    videos: pd.DataFrame,
    classes: Collection[str],
    subset: str,
    reading: Reading = "lenient",
) -> Screened:
    """Fit predictions to a subset.

    Parameters
    ----------
    predictions : Predictions
        Predictions of one file.
    videos : pd.DataFrame
        Columns video, duration [s]: all evaluated videos.
    classes : collection of str
        All classes of the data set; empty to accept any label.
    subset : str
        Name of the subset, for messages.
    reading : {"lenient", "strict", "verbatim"}
        What to do with predictions that do not fit; see the table of this module.

    Returns
    -------
    Screened
        The predictions to evaluate; at least one.

    Raises
    ------
    UserError
        If no predicted video is in the subset, a label is not a class, most segments start after the end of
        their video, or the reading is strict and a prediction does not fit. The message lists all of them.
    """
    screen = _Screen(predictions, videos, reading)
    screen.match_prefixed_ids()
    screen.check_overlap_with(subset)
    screen.leave_out_other_videos(subset)
    screen.check_labels(classes)
    screen.check_unit()
    screen.drop_duplicates()
    screen.clip()
    screen.report_missing_videos(subset)
    screen.faults.raise_if_any()
    return Screened(screen.table, screen.notes)


class _Screen:
    """The table, notes and faults while one check after the other runs."""

    def __init__(self, predictions: Predictions, videos: pd.DataFrame, reading: Reading) -> None:
        self.table = predictions.table.reset_index(drop=True)
        self.listed = predictions.videos
        self.known = dict(zip(videos["video"], videos["duration"].astype(float), strict=True))
        self.reading = reading
        self.notes: list[str] = []
        self.path = predictions.path
        self.faults = Faults(f"{self.path}: predictions do not fit the ground truth")

    def report(self, what: str, lenient: str, verbatim: str, offenders: Iterable[str]) -> bool:
        """Report a difference as a note or as faults; return whether to repair it, before further checks."""
        if self.reading == "strict":
            self.faults.extend(offenders)
        else:
            self.notes.append(f"{what}, {lenient if self.reading == 'lenient' else verbatim}")
        return self.reading != "verbatim"

    def match_prefixed_ids(self) -> None:
        """Match ids with a `v_` to the videos of the subset."""
        bare = {
            name: name.removeprefix("v_")
            for name in self.listed
            if name not in self.known and name.startswith("v_") and name.removeprefix("v_") in self.known
        }
        both = sorted(set(bare.values()) & set(self.listed))
        self.faults.extend(f"{name} is listed with and without v_; remove one" for name in both)
        offenders = (f"{name}: the id of the subset is {bare[name]}" for name in bare)
        what = f"ids that start with v_: {len(bare):,}"
        if bare and self.report(what, "matched without it", "not matched", offenders):
            matched = [bare.get(name, name) for name in self.table["video"]]
            self.table = self.table.assign(video=pd.Series(matched, dtype=str))
            self.listed = [bare.get(name, name) for name in self.listed]

    def check_overlap_with(self, subset: str) -> None:
        """Refuse files of another subset or data set."""
        if not self.known.keys() & set(self.listed):
            shown = ", ".join(self.listed[:5])
            raise UserError(
                f"{self.path}: none of its videos is in the subset {subset}; "
                f"the file lists {shown}, the subset {', '.join(list(self.known)[:5])}"
            )

    def leave_out_other_videos(self, subset: str) -> None:
        """Leave out predictions in videos outside the subset."""
        outside = ~self.table["video"].isin(list(self.known)).to_numpy()
        counts = self.table.loc[outside, "video"].value_counts(sort=False)
        offenders = (
            f"{video}: not in the subset {subset}, {counted(n, 'prediction')}" for video, n in counts.items()
        )
        what = (
            f"predictions outside the subset {subset}: {outside.sum():,} in {counted(len(counts), 'video')}"
        )
        near = near_names(self.known.keys() - set(self.listed), map(str, counts.index))
        if near:
            video = min(near)
            what += f" ({counted(len(near), 'id')} spelt otherwise: {video} is here {near[video][0]!r})"
        if len(counts) and self.report(what, "left out", "kept as false positives", offenders):
            self.table = self.table[~outside].reset_index(drop=True)
        if self.table.empty:
            self.faults.raise_if_any()
            raise UserError(f"{self.path}: no predictions for the videos of the subset {subset}")

    def check_labels(self, classes: Collection[str]) -> None:
        """Add a fault for every label that is not a class."""
        if not classes or "label" not in self.table:
            return
        counts = self.table["label"].value_counts()
        for label, count in counts[~counts.index.isin(list(classes))].sort_index().items():
            similar = difflib.get_close_matches(str(label), list(classes), n=1)
            hint = f"; did you mean {similar[0]!r}?" if similar else ""
            self.faults.add(f"label {label!r} ({count:,} times) is not one of {len(classes)} classes{hint}")

    def check_unit(self) -> None:
        """Refuse times that are not seconds."""
        duration = self._duration()
        late = int(np.count_nonzero(self.table["start"] > duration))
        if 2 * late > len(self.table):
            self.faults.add(
                f"{late:,} of {len(self.table):,} segments start after the end of their video; times should "
                "be seconds: are these frames?"
            )
        elif self.table["end"].max() <= 1.0 < np.median(duration) / 10:
            self.faults.add(
                "all segments end within the first second of their video; times should be seconds: are these "
                "shares of the duration?"
            )

    def clip(self) -> None:
        """Clip segments to their video; a segment outside it becomes one of zero length."""
        duration, start, end = self._duration(), self.table["start"].to_numpy(), self.table["end"].to_numpy()
        past = (end > duration) | (start < 0)
        offenders = (
            f"{self.table['video'].iloc[row]}: segment [{start[row]:g}, {end[row]:g}] reaches outside "
            f"[0, {duration[row]:g}]"
            for row in np.flatnonzero(past)
        )
        what = f"segments that reach outside their video: {past.sum():,}"
        if past.any() and self.report(what, "clipped", "kept", offenders):
            clipped = {"start": np.clip(start, 0, duration), "end": np.clip(end, 0, duration)}
            self.table = self.table.assign(**clipped)

    def drop_duplicates(self) -> None:
        """Drop predictions that are equal in every column."""
        suspects = self.table[self.table.duplicated(["start", "end", "score"], keep=False)]
        repeated = suspects[suspects.duplicated()]
        offenders = (
            f"{row.video}: {getattr(row, 'label', 'proposal')} [{row.start:g}, {row.end:g}] is listed more "
            "than once; remove the duplicate"
            for row in repeated.itertuples()
        )
        what = f"exact duplicates: {len(repeated):,}"
        if len(repeated) and self.report(what, "dropped", "kept", offenders):
            self.table = self.table.drop(index=repeated.index).reset_index(drop=True)

    def report_missing_videos(self, subset: str) -> None:
        """Report videos of the subset that the file does not list."""
        missing = sorted(self.known.keys() - set(self.listed))
        offenders = (f"{video}: not in the file; list it, if only with an empty list" for video in missing)
        if missing:
            what = f"videos without an entry: {len(missing):,} of {len(self.known):,}"
            self.report(what, "their instances are missed", "their instances are missed", offenders)

    def _duration(self) -> np.ndarray:
        """Duration of the video of every row [s]; infinite for videos outside the subset."""
        durations = np.append(np.array(list(self.known.values()), dtype=np.float64), np.inf)
        return durations[encode(self.table["video"], list(self.known))]
