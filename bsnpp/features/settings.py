"""Settings of feature import."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bsnpp.core.settings import Name, Settings
from bsnpp.features.containers import described_containers, listed_suffixes

Axis = Literal["time", "channels"]


class StreamSource(Settings):
    """One stream of an encoder: a folder with one file per video, or one HDF5 file with all videos."""

    name: Name = Field(description="Name of the stream in messages, such as `rgb` or `flow`")
    path: str = Field(
        description=f"Folder with one file per video ({described_containers()}), or one HDF5 file with one "
        "dataset per video, or a folder of these, such as one per subset. Each array is (snippets, channels) "
        "or (channels, snippets)"
    )
    channels: int = Field(ge=1, description="Number of channels C of a snippet; decides which axis is time")
    first_axis: Axis | None = Field(
        None,
        description="First axis of the arrays, `time` or `channels`. By default it is the axis that does not "
        "have `channels` entries; an array of `channels` snippets has the same first axis as the other files "
        "of the stream",
    )
    pattern: str | None = Field(
        None,
        description="Name of the file (without its suffix) or dataset of a video, with {video} in place of "
        "the id without `v_`; it may name one folder, or HDF5 groups. By default `v_{video}` or `{video}`",
    )
    clip: float = Field(
        1.0,
        ge=1,
        le=64,
        description="Length of a clip in strides: the frames of a snippet divided by the frames from one "
        "snippet to the next, 16 / 8 = 2; 1 if clips do not overlap. Features of longer clips are resampled "
        "to one snippet per stride",
    )
    pickles: bool = Field(
        False,
        description="Whether pickled Python objects may be loaded. They can run any program, so set this "
        "only for files that you trust",
    )

    @model_validator(mode="after")
    def _pattern_names_the_video(self) -> Self:
        if self.pattern is not None and "{video}" not in self.pattern:
            raise ValueError(f"pattern {self.pattern!r} should contain {{video}}, the place of the id")
        return self

    def names_of(self, video: str) -> list[str]:
        """Return the names that the file or dataset of a video may have, the most usual one first."""
        patterns = ["v_{video}", "{video}"] if self.pattern is None else [self.pattern]
        return [pattern.replace("{video}", video) for pattern in patterns]

    @property
    def content(self) -> str:
        """What `path` should hold, for messages."""
        names = " or ".join(self.names_of("<id>"))
        return (
            f"the features of stream {self.name}: a folder with one {listed_suffixes()} file per video, or "
            f"one HDF5 file with one dataset per video, named {names}, each of shape "
            f"(snippets, {self.channels})"
        )
