"""The recordings of UCI data set 341: two streams each, labelled segments, and the split by person."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from bsnpp.datasets.hapt.settings import RATE, STREAMS

Subset = Literal["training", "validation", "testing"]


@dataclass(frozen=True)
class Segment:
    """A labelled segment of a recording.

    Attributes
    ----------
    start, end : float
        Time [s].
    label : str
        Activity in lower case.
    """

    start: float
    end: float
    label: str


@dataclass(frozen=True)
class Recording:
    """One recording.

    Attributes
    ----------
    video : str
        Id, such as `exp01_user01`.
    person : int
        Number of the person.
    streams : dict of str to np.ndarray
        `accelerometer` [g] and `gyroscope` [rad/s], float64 (n, 3), 50 samples per second.
    segments : tuple of Segment
        In order of time, without overlap.
    """

    video: str
    person: int
    streams: dict[str, np.ndarray]
    segments: tuple[Segment, ...]

    @property
    def duration(self) -> float:
        """Duration [s]; sample i covers [i, i + 1] / 50 s."""
        return len(self.streams[STREAMS[0]]) / RATE


@dataclass(frozen=True)
class Split:
    """The persons of each subset."""

    training: frozenset[int]
    validation: frozenset[int]
    testing: frozenset[int]

    def subset_of(self, person: int) -> Subset:
        """Return the subset of a person; raise a `ValueError` for an unknown person."""
        if person in self.training:
            return "training"
        if person in self.validation:
            return "validation"
        if person in self.testing:
            return "testing"
        raise ValueError(f"person {person} is in no subset")

    def leave_out(self, person: int, validation_persons: int) -> "Split":
        """Return the split of all persons with one person as test subset.

        The `validation_persons` after it, by ascending id and from the first again after the last, are the
        validation subset; all others train.

        Raises
        ------
        ValueError
            If the person is in no subset, or no person is left to train on.
        """
        everyone = sorted(self.training | self.validation | self.testing)
        if person not in everyone:
            raise ValueError(f"there is no person {person}, only {', '.join(map(str, everyone))}")
        place = everyone.index(person)
        others = everyone[place + 1 :] + everyone[:place]
        if len(others) <= validation_persons:
            raise ValueError(f"{len(others)} other persons, should be more than {validation_persons}")
        validation, training = others[:validation_persons], others[validation_persons:]
        return Split(frozenset(training), frozenset(validation), frozenset([person]))


@dataclass(frozen=True)
class HaptData:
    """The content of the zip file: recordings sorted by id, the split, and the labels sorted."""

    recordings: tuple[Recording, ...]
    split: Split
    labels: tuple[str, ...]

    def subset(self, name: Subset) -> list[Recording]:
        """Return the recordings of a subset, sorted by id."""
        return [recording for recording in self.recordings if self.split.subset_of(recording.person) == name]
