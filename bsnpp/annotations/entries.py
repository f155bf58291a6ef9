"""Check one video of an annotation file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bsnpp.core.errors import Faults
from bsnpp.core.json_text import is_number

FLAT_TIMES = ("duration_second", "duration_frame", "feature_frame")
"""Times of a video in the flat layout of BSN and BMN."""

FRAME_SLACK = 16
"""Frames by which `feature_frame` may differ from half or twice `duration_frame`; snippets have 16 frames."""


@dataclass(frozen=True)
class Entry:
    """One video of an annotation file, unchecked.

    Attributes
    ----------
    video : str
        The id without the prefix `v_`.
    subset : str
        Name of the subset in the file, normalised; empty if there is none.
    times : dict
        `duration` [s]; or `duration_second` [s], optionally with `duration_frame` and `feature_frame`. The
        value of a missing key is None.
    annotations : object
        Value of the key `annotations`; None if the key is missing.
    places : tuple of str
        Where each annotation is in the file; empty if they are numbered from 1.
    notes : tuple of str
        Annotations that were left out when the file was read.
    in_table : bool
        Whether the file is a table, not JSON.
    """

    video: str
    subset: str
    times: dict[str, Any]
    annotations: Any
    places: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    in_table: bool = False

    def placed(self) -> list[tuple[str, Any]]:
        """Return every annotation with its place in the file."""
        numbered = [f"annotation {number}" for number in range(1, len(self.annotations) + 1)]
        return list(zip(self.places or numbered, self.annotations, strict=True))

    def seconds(self, faults: Faults) -> tuple[float, float]:
        """Return the duration and the extent of the video in seconds (conventions, section 3).

        If a time is missing or invalid, it is added to `faults`, and both are 0.
        """
        before = len(faults.messages)
        for key, value in self.times.items():
            if value is None:
                missing = f"no {key}: neither a column nor in `video_table`"
                faults.add(f"{self.video}: {missing if self.in_table else f'no key `{key}`'}")
            elif not is_number(value) or value <= 0:
                faults.add(f"{self.video}: {key} is {value!r}, expected a finite number above 0")
        if len(faults.messages) > before:
            return 0.0, 0.0
        if len(self.times) == 1:
            (only,) = self.times.values()
            return float(only), float(only)
        duration, frames, covered = (self.times[key] for key in FLAT_TIMES)
        if not frames / 2 - FRAME_SLACK <= covered <= 2 * frames + FRAME_SLACK:
            faults.add(
                f"{self.video}: feature_frame is {covered}, but duration_frame is {frames}; feature_frame "
                "must be the number of frames that the features cover: is it the number of feature rows?"
            )
        return float(duration), covered / frames * float(duration)

    def instances(self, optional: bool, faults: Faults) -> Iterator[tuple[str, float, float, str]]:
        """Yield the video, start [s], end [s] and label of every valid annotation.

        Zero length, an end after the end of the video, and duplicates are valid: the official validation data
        contain 3, 71 and 17 of them, and training and evaluation handle them.

        Parameters
        ----------
        optional : bool
            Whether the key `annotations` may be missing.
        faults : Faults
            Invalid annotations are added to it.
        """
        if not isinstance(self.annotations, list):
            if self.annotations is not None or not optional:
                faults.add(f"{self.video}: no list `annotations`; use an empty list if nothing happens")
            return
        for place, annotation in self.placed():
            fault = _annotation_fault(annotation)
            if fault:
                faults.add(f"{self.video}, {place}: {fault}")
            else:
                start, end = annotation["segment"]
                yield self.video, float(start), float(end), annotation["label"]


def _annotation_fault(annotation: Any) -> str | None:
    if not isinstance(annotation, dict) or not {"segment", "label"} <= annotation.keys():
        return f"expected the keys `segment` and `label`, not {annotation!r:.80}"
    segment, label = annotation["segment"], annotation["label"]
    if not isinstance(segment, list) or len(segment) != 2 or not all(map(is_number, segment)):
        return f"segment is {segment!r:.80}, expected [start, end] in finite seconds"
    if segment[1] < segment[0]:
        return (
            f"ends at {segment[1]!r} s, before its start at {segment[0]!r} s; `reversed_segments: drop` "
            "leaves such segments out"
        )
    if isinstance(label, int) and not isinstance(label, bool):
        return (
            f"label is the number {label}; write the name of the class, or name the numbers by the key "
            "`class_names`"
        )
    if not isinstance(label, str) or not label.strip() or len(label.splitlines()) != 1:
        return f"label is {label!r:.80}, expected a name on one line"
    return None
