"""One video of an annotation file, and what must hold for it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bsnpp.core.errors import Faults


@dataclass(frozen=True)
class Entry:
    """One video as its file tells it, unchecked.

    Attributes
    ----------
    video : str
        The id without a `v_` prefix.
    subset : str
        The file's name of the subset, normalised; empty if there is none.
    times : dict
        `duration` alone, or `duration_second`, `duration_frame` and `feature_frame`; None for a missing key.
    annotations : object
        The list of annotations as found; None if the key is missing.
    """

    video: str
    subset: str
    times: dict[str, Any]
    annotations: Any

    def seconds(self, faults: Faults) -> tuple[float, float]:
        """Duration and extent of the video (conventions 3); faults are added, and zeros stand in."""
        before = len(faults.messages)
        for key, value in self.times.items():
            if value is None:
                faults.add(f"{self.video}: no key `{key}`")
            elif not _is_number(value) or value <= 0:
                faults.add(f"{self.video}: {key} is {value!r}, should be a finite number above 0")
        if len(faults.messages) > before:
            return 0.0, 0.0
        if "duration" in self.times:
            return float(self.times["duration"]), float(self.times["duration"])
        duration = float(self.times["duration_second"])
        return duration, self.times["feature_frame"] / self.times["duration_frame"] * duration

    def instances(self, may_lack: bool, faults: Faults) -> Iterator[tuple[str, float, float, str]]:
        """Video, start and end in seconds, and label of every sound annotation; faults of others are added.

        Zero length, an end past the video's, and duplicates are no faults: the official validation data have
        3, 71 and 17 of them, and labels and evaluation deal with them. `may_lack`: the key may be missing.
        """
        if not isinstance(self.annotations, list):
            if self.annotations is not None or not may_lack:
                faults.add(
                    f"{self.video}: no list `annotations` (an empty one if nothing happens in the video)"
                )
            return
        for number, annotation in enumerate(self.annotations, start=1):
            fault = _annotation_fault(annotation)
            if fault:
                faults.add(f"{self.video}, annotation {number}: {fault}")
            else:
                start, end = annotation["segment"]
                yield self.video, float(start), float(end), annotation["label"]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _annotation_fault(annotation: Any) -> str | None:
    if not isinstance(annotation, dict) or not {"segment", "label"} <= annotation.keys():
        return f"should have the keys `segment` and `label`, not {annotation!r:.80}"
    segment, label = annotation["segment"], annotation["label"]
    if not isinstance(segment, list) or len(segment) != 2 or not all(map(_is_number, segment)):
        return f"segment is {segment!r:.80}, should be [start, end] in finite seconds"
    if segment[1] < segment[0]:
        return f"ends at {segment[1]!r} s, before its start at {segment[0]!r} s"
    if not isinstance(label, str) or not label.strip() or len(label.splitlines()) != 1:
        return f"label is {label!r:.80}, should be a name on one line"
    return None
