"""What comes out of the decoding of videos: clips, and the end of each video."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bsnpp.encoding.video import VideoReader

WHOLE = 0.98
"""Coverage of a whole file: the durations that files claim are not exact."""


@dataclass(frozen=True)
class Decoding:
    """What was decoded of a video.

    Attributes
    ----------
    rate : float
        Frames per second that were sampled.
    frames : int
        Frames that were decoded.
    seconds : float
        End of the last one [s].
    damaged : int
        Packets that could not be decoded.
    claimed : float
        Duration that the file claims [s]; NaN if it claims none.
    coverage : float
        Decoded share of what the file claims, in [0, 1].
    """

    rate: float
    frames: int
    seconds: float
    damaged: int
    claimed: float
    coverage: float

    @classmethod
    def of(cls, numbers: Mapping[str, Any]) -> "Decoding":
        """Return the decoding with these `attributes`."""
        return cls(
            rate=numbers["rate"],
            frames=int(numbers["frames"]),
            seconds=numbers["seconds"],
            damaged=int(numbers["damaged"]),
            claimed=numbers["claimed"],
            coverage=numbers["coverage"],
        )

    @property
    def attributes(self) -> dict[str, float]:
        """The numbers by name."""
        return asdict(self)

    @property
    def length(self) -> float:
        """Length of the video [s]: the end of the last frame; of a partial file, what it claims."""
        if self.coverage >= WHOLE or np.isnan(self.claimed):
            return self.seconds
        return max(self.seconds, self.claimed)

    def __str__(self) -> str:
        claimed = "an unknown duration" if np.isnan(self.claimed) else f"{self.claimed:.1f} s"
        return (
            f"only {self.frames} frames up to {self.seconds:.1f} s of {claimed} could be decoded "
            f"({self.damaged} damaged packets), {100 * self.coverage:.1f} %"
        )


def decoding_of(reader: VideoReader, rate: float) -> Decoding:
    """Return what the last call of `reader.frames` decoded."""
    decoded, claimed = reader.decoded, float("nan") if reader.claimed is None else reader.claimed
    return Decoding(rate, decoded.frames, decoded.end, decoded.damaged, claimed, reader.coverage)


@dataclass(frozen=True)
class Clip:
    """A clip of a video, uint8 (L, size, size, C): C = 3 of RGB, 2 of flow."""

    video: str
    images: np.ndarray


@dataclass(frozen=True)
class End:
    """The end of a video: its file, the number of its clips, and what was decoded or why that failed."""

    video: str
    path: Path
    clips: int
    decoding: Decoding | None
    fault: str | None


class Source(Protocol):
    """What can be done with a video in a process of its own."""

    def events(self, video: str, path: Path) -> Iterator[Clip | End]:
        """Yield the clips of a video, if any, and its end."""
        ...
