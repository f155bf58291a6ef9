"""The events of the simulated videos and their annotations. All times are in seconds."""

from dataclasses import dataclass

import numpy as np

from bsnpp.datasets.simulation.settings import SimulationSettings

SUBSETS = ("training", "validation", "testing", "pretraining")
DURATION_RANGES = ((10.0, 30.0), (30.0, 120.0), (120.0, 240.0))
# Share of the videos in each range (conventions 2); the pre-training set has shorter videos.
DURATION_SHARES = (0.10, 0.42, 0.48)
PRETRAINING_DURATION_SHARES = (0.20, 0.50, 0.30)
# 48 / 21 / 31 % of the *instances* are short, medium and long (conventions 2). A video has 1 to 5 short ones
# (2.37 on average), one medium or one long one, and jitter makes some long ones medium. This gives the shares
# of the *videos*.
SHORT_COUNTS = (0.35, 0.25, 0.18, 0.12, 0.10)
VIDEO_KINDS = (0.285, 0.265, 0.45)
RELATIVE_LENGTHS = ((0.03, 0.30), (0.30, 0.70), (0.70, 0.97))
SHORTEST, GAP = 1.5, 1.0
TWO_CLASSES = 0.10
REACHES_END = 0.12
DISTRACTOR_LENGTHS = (2.0, 15.0)
ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True)
class Event:
    """An event in [start, end]; `label` is its class index, or None for a distractor."""

    start: float
    end: float
    label: int | None
    visible_start: bool = True
    visible_end: bool = True


@dataclass(frozen=True)
class Video:
    """A simulated video with its true events and its jittered annotations (start, end, class index)."""

    name: str
    subset: str
    number: int
    duration: float
    events: tuple[Event, ...]
    annotations: tuple[tuple[float, float, int], ...]

    def generator(self, seed: int, purpose: int) -> np.random.Generator:
        """Return a random stream of this video for one purpose, independent of the number of videos."""
        return np.random.default_rng([seed, SUBSETS.index(self.subset), self.number, purpose])


def draw_videos(settings: SimulationSettings, seed: int, subset: str) -> list[Video]:
    """Draw the names, durations, events and annotations of the videos of a subset.

    Parameters
    ----------
    settings : SimulationSettings
    seed : int
        The same settings and seed give the same videos; a larger subset starts with the videos of a smaller
        one.
    subset : str
        One of `SUBSETS`.
    """
    count = getattr(settings, subset)
    names = _names(np.random.default_rng([seed, SUBSETS.index(subset)]), count, SUBSETS.index(subset))
    return [_video(settings, seed, subset, number, name) for number, name in enumerate(names)]


def _names(rng: np.random.Generator, count: int, subset_number: int) -> list[str]:
    """Draw names of 11 characters, different for all subsets, which do not start with `v_`."""
    names: dict[str, None] = {}
    while len(names) < count:
        letters = rng.integers(len(ID_LETTERS), size=11)
        letters[4] = letters[4] // 4 * 4 + subset_number
        name = "".join(ID_LETTERS[letter] for letter in letters)
        if not name.startswith("v_"):
            names[name] = None
    return list(names)


def _video(settings: SimulationSettings, seed: int, subset: str, number: int, name: str) -> Video:
    blank = Video(name, subset, number, 0.0, (), ())
    rng = blank.generator(seed, 1)
    shares = PRETRAINING_DURATION_SHARES if subset == "pretraining" else DURATION_SHARES
    duration = round(rng.uniform(*DURATION_RANGES[rng.choice(3, p=shares)]), 2)
    # Classes in turn, so that every class occurs if there are at least as many videos as classes.
    instances = _instances(settings, rng, duration, number % settings.classes)
    annotations = tuple(_annotation(settings, rng, event, duration) for event in instances)
    events = (*instances, *_distractors(settings, rng, duration, instances))
    return Video(name, subset, number, duration, events, annotations)


def _instances(
    settings: SimulationSettings, rng: np.random.Generator, duration: float, label: int
) -> list[Event]:
    """Draw 1 to 5 instances in order of time, at least `GAP` apart, most of them of one class."""
    kind = rng.choice(3, p=VIDEO_KINDS)
    count = 1 + rng.choice(5, p=SHORT_COUNTS) if kind == 0 else 1
    lengths = _lengths(rng, duration, kind, count)
    # The remaining time is divided at random into the gaps before, between and after the instances.
    free = duration - lengths.sum() - GAP * (len(lengths) - 1)
    spare = free * rng.dirichlet(np.ones(len(lengths) + 1))
    if rng.random() < REACHES_END:
        spare = np.append(spare[:-1] + spare[-1] / len(lengths), 0.0)
    starts = np.cumsum(spare[:-1]) + np.concatenate([[0.0], np.cumsum(lengths[:-1] + GAP)])
    labels = (label, (label + 1 + rng.integers(settings.classes - 1)) % settings.classes)
    # The first instance always has the class of the video.
    second = (rng.random(len(lengths)) < 0.5 * (rng.random() < TWO_CLASSES)) & (np.arange(len(lengths)) > 0)
    hidden = rng.random(len(lengths)) < settings.invisible_edges
    at_start = rng.random(len(lengths)) < 0.5
    return [
        Event(
            float(starts[i]),
            float(starts[i] + lengths[i]),
            int(labels[int(second[i])]),
            visible_start=not (hidden[i] and at_start[i]),
            visible_end=not (hidden[i] and not at_start[i]),
        )
        for i in range(len(lengths))
    ]


def _lengths(rng: np.random.Generator, duration: float, kind: int, count: int) -> np.ndarray:
    """Draw lengths [s], log-uniform for short instances; a short video may have room for fewer of them."""
    low, high = RELATIVE_LENGTHS[kind]
    if kind > 0:
        return rng.uniform(low, high, size=1) * duration
    low = max(low, SHORTEST / duration)
    while True:
        for _ in range(20):
            lengths = np.exp(rng.uniform(np.log(low), np.log(high), size=count)) * duration
            if lengths.sum() + GAP * (count - 1) <= 0.9 * duration:
                return lengths
        count -= 1


def _annotation(
    settings: SimulationSettings, rng: np.random.Generator, event: Event, duration: float
) -> tuple[float, float, int]:
    """Draw the annotation of an event: edges with a normal error, clipped at 2.5 standard deviations."""
    if event.label is None:
        raise ValueError("a distractor is not annotated")
    error = np.clip(rng.normal(size=2), -2.5, 2.5) * settings.annotation_jitter * (event.end - event.start)
    start, end = np.clip([event.start + error[0], event.end + error[1]], 0.0, duration)
    return round(float(start), 2), round(float(end), 2), event.label


def _distractors(
    settings: SimulationSettings, rng: np.random.Generator, duration: float, instances: list[Event]
) -> list[Event]:
    """Draw distractors in the background; a distractor is left out if 20 tries find no room for it."""
    placed: list[Event] = []
    for _ in range(rng.poisson(settings.distractors * duration / 60)):
        for _ in range(20):
            length = rng.uniform(*DISTRACTOR_LENGTHS)
            start = rng.uniform(0.0, max(duration - length, 0.0))
            taken = [*instances, *placed]
            if length < duration and all(
                start > e.end + GAP or start + length < e.start - GAP for e in taken
            ):
                placed.append(Event(start, start + length, None))
                break
    return placed
