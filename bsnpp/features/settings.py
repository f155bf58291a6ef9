"""Settings of feature import and rescaling."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bsnpp.core.settings import Name, Settings


class RescalingSettings(Settings):
    """How a snippet sequence becomes T cells."""

    method: Literal["linear", "bin_mean", "roi_align"] = Field(
        "linear",
        description="`linear`: interpolation at each cell's centre; `bin_mean`: BSN's mean of three samples "
        "a cell, cells outside the snippets' centres are 0; `roi_align`: mean of two samples a cell.",
    )


class StreamSource(Settings):
    """One stream of an encoder: a folder with a file per video, or one HDF5 file with all videos."""

    name: Name = Field(description="Name of the stream in messages, such as `rgb` or `flow`.")
    path: str = Field(
        description="Folder with one .csv, .npy, .npz (key `feats`), .pt, .pkl, .h5 or .hdf5 file per video, "
        "or one HDF5 file with a dataset per video; each (snippets, channels) or (channels, snippets)."
    )
    channels: int = Field(ge=1, description="Channels C of one snippet; decides which axis is time.")
    pattern: str | None = Field(
        None,
        description="Name of a video's file (without its ending) or dataset, where {video} stands for the id "
        "without `v_`; may hold one folder or HDF5 groups. By default `v_{video}`, else `{video}`.",
    )
    clip: float = Field(
        1.0,
        ge=1,
        le=64,
        description="Frames that a snippet sees, divided by the frames from one to the next: 16 / 8 = 2; 1 "
        "where they follow each other. Longer clips are centred later: the sequence is brought to one "
        "snippet for each stride.",
    )
    pickles: bool = Field(
        False,
        description="Whether pickled Python objects may be loaded. They can run any program: only for files "
        "that you trust.",
    )

    @model_validator(mode="after")
    def _pattern_names_the_video(self) -> Self:
        if self.pattern is not None and "{video}" not in self.pattern:
            raise ValueError(f"pattern {self.pattern!r} should hold {{video}}, the place of the video's id")
        return self

    def names_of(self, video: str) -> list[str]:
        """The names under which a video's features may stand, the likeliest first."""
        patterns = ["v_{video}", "{video}"] if self.pattern is None else [self.pattern]
        return [pattern.replace("{video}", video) for pattern in patterns]

    @property
    def content(self) -> str:
        """What `path` should hold, for messages."""
        names = " or ".join(self.names_of("<id>"))
        return (
            f"the features of stream {self.name}: a folder with one .csv, .npy, .npz, .pt, .pkl or .h5 per "
            f"video, or one HDF5 file with one dataset per video, named {names}, each of shape "
            f"(snippets, {self.channels})"
        )
