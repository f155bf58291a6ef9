"""Settings of the HAPT recordings."""

from typing import Self

from pydantic import Field, model_validator

from bsnpp.core.settings import Settings

RATE = 50
"""Samples per second of a stream."""
ADDRESS = (
    "https://archive.ics.uci.edu/static/public/341/"
    "smartphone+based+recognition+of+human+activities+and+postural+transitions.zip"
)
"""Public address of the archive, UCI data set 341."""
STREAMS = ("accelerometer", "gyroscope")
ENCODERS = ("statistics", "spectral", "convolutions")


class HaptSettings(Settings):
    """How the recordings are split by person, and how snippets are encoded."""

    validation_persons: int = Field(
        default=5,
        description="Number of official training persons that become the validation subset, by ascending id",
        ge=1,
        le=20,
    )
    test_person: int | None = Field(
        default=None,
        description="Leave one person out: the only test person. The `validation_persons` after it, by "
        "ascending id and from the first again after the last, are the validation subset, and all others "
        "train; default: the official split",
        ge=1,
    )
    snippet_seconds: float = Field(
        default=0.4,
        description="Time between the centres of two snippets [s]; a multiple of 0.04 (two samples)",
        ge=0.04,
        le=4,
    )
    statistics_seconds: float = Field(
        default=2.4,
        description="Window of the encoder `statistics` around a snippet centre [s]; a multiple of 0.04",
        ge=0.2,
        le=20,
    )
    spectral_seconds: float = Field(
        default=2.56,
        description="Window of the encoder `spectral` around a snippet centre [s]; a multiple of 0.04",
        ge=1.28,
        le=20,
    )
    pooling_snippets: int = Field(
        default=5,
        description="Number of snippets over which the encoder `convolutions` pools, odd; its kernels reach "
        "up to 0.64 s further on both sides",
        ge=1,
        le=51,
    )
    kernels: int = Field(
        default=192, description="Number of random kernels of the encoder `convolutions`", ge=32, le=10_000
    )
    components: int = Field(
        default=64,
        description="Number of principal components that the encoder `convolutions` keeps, its channels per "
        "stream; at most twice the number of kernels",
        ge=4,
        le=1024,
        multiple_of=4,
    )

    @model_validator(mode="after")
    def _whole_samples(self) -> Self:
        """Refuse windows that cannot be centred on a snippet with whole samples."""
        for key in ("snippet_seconds", "statistics_seconds", "spectral_seconds"):
            pairs = getattr(self, key) * RATE / 2
            if abs(pairs - round(pairs)) > 1e-6:
                raise ValueError(f"{key} is {getattr(self, key)}, should be a multiple of {2 / RATE} s")
            if getattr(self, key) < self.snippet_seconds:
                raise ValueError(f"{key} is {getattr(self, key)}, should be at least snippet_seconds")
        if self.pooling_snippets % 2 == 0:
            raise ValueError(f"pooling_snippets is {self.pooling_snippets}, should be odd")
        if self.components > 2 * self.kernels:
            raise ValueError(f"components is {self.components}, should be at most 2 x {self.kernels} kernels")
        return self

    @property
    def step(self) -> int:
        """Number of samples between the centres of two snippets."""
        return samples_of(self.snippet_seconds)


def samples_of(seconds: float) -> int:
    """Return the number of samples in a time [s]."""
    return round(seconds * RATE)
