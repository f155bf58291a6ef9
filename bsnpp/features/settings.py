"""Settings of feature import and rescaling."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bsnpp.settings import Name, Settings


class RescalingSettings(Settings):
    """How a snippet sequence becomes T cells."""

    method: Literal["linear", "bin_mean", "roi_align"] = Field(
        "linear",
        description="`linear`: interpolation at each cell's centre; `bin_mean`: BSN's mean of three samples "
        "a cell, cells outside the snippets' centres are 0; `roi_align`: mean of two samples a cell.",
    )


class SnippetSettings(Settings):
    """Where the snippets of a recording stand in time."""

    snippet_seconds: float = Field(
        gt=0, description="Seconds from one snippet of the source to the next; the first begins at 0."
    )
    mixed_rates: bool = Field(
        False,
        description="Whether recordings have frame rates, and so seconds between snippets, of their own: the "
        "snippets of each are then spread over its duration, and brought to `snippet_seconds`.",
    )


class WindowSettings(SnippetSettings):
    """How recordings of any length are cut into windows of equal length (conventions 3)."""

    cells: int = Field(64, ge=4, description="T, cells of a window.")
    cell_seconds: float = Field(0.8, gt=0, description="Seconds of one cell.")
    overlap: float = Field(
        0.75,
        ge=0,
        lt=1,
        description="Share of a window that the next one holds too; instances up to this share of a window "
        "lie whole in some window.",
    )
    keep_share: float = Field(
        0.5,
        gt=0,
        le=1,
        description="Share of an instance that must lie inside a window for the window to keep it, cut.",
    )

    @property
    def snippets(self) -> SnippetSettings:
        """The part that everything needs which is not cut into windows."""
        return SnippetSettings(snippet_seconds=self.snippet_seconds, mixed_rates=self.mixed_rates)

    @property
    def length(self) -> float:
        """l_w, seconds of a window."""
        return self.cells * self.cell_seconds

    @property
    def step(self) -> float:
        """Seconds from the start of a window to that of the next."""
        return (1 - self.overlap) * self.length


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
