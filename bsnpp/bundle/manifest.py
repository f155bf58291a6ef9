"""The manifest of a bundle: everything but the weights."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bsnpp.bundle.parts import GeneratorScore, PanelMember, VariantSettings
from bsnpp.core.calibration import from_knots
from bsnpp.core.settings import Name, Settings

FORMAT = 1
"""Version of the layout of bundles."""

MANIFEST = "bundle.json"
CARD = "README.md"

File = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]+(/[A-Za-z0-9_]+)*\.[a-z]+$")]
"""Name of a file inside the bundle."""


class Knots(Settings):
    """A calibration: linear between knots."""

    knots: tuple[float, ...] = Field(min_length=1, description="Scores, increasing")
    values: tuple[float, ...] = Field(min_length=1, description="Calibrated scores, not decreasing")

    @model_validator(mode="after")
    def _increasing(self) -> Self:
        from_knots(self.model_dump())
        return self


class BundledMapCalibration(Settings):
    """The calibration of a member's confidences."""

    classification: Knots | None = Field(
        None, description="Maps the classification confidence to the probability of a tIoU above 0.9"
    )
    regression: Knots | None = Field(None, description="Maps the regression confidence to the expected tIoU")


class BundledMember(Settings):
    """A model of a blend."""

    encoder: Name = Field(description="Encoder whose features it reads")
    initialisation: Name = Field(description="Initialisation, e.g. scratch, or pretrained_seed1")
    weight: float = Field(gt=0, le=1, description="Weight of its maps")
    model: File = Field(description="File of the model in the bundle")
    calibration: BundledMapCalibration | None = Field(
        None, description="Calibration of its confidences, if they are calibrated"
    )

    @property
    def name(self) -> str:
        """Return encoder/initialisation."""
        return f"{self.encoder}/{self.initialisation}"


class BundledGenerator(GeneratorScore):
    """A generator with the members of its blend."""

    members: tuple[BundledMember, ...] = Field(min_length=1, description="Members of weight above 0")
    calibration: Knots | None = Field(None, description="Calibration of its scores, if they are matched")


class BundledClassifier(PanelMember):
    """A classifier with its weight."""

    weight: float = Field(gt=0, le=1, description="Weight of its logits")
    temperature: float = Field(gt=0, description="What its logits are divided by")
    model: File | None = Field(None, description="File of a trained classifier in the bundle")


class BundledRecogniser(Settings):
    """The recogniser of proposals."""

    model: File = Field(description="File of the recogniser in the bundle")
    encoders: tuple[Name, ...] = Field(min_length=1, description="Encoders whose features it reads")


class Measured(Settings):
    """Scores of the variant on one subset, shares."""

    videos: int = Field(description="Videos")
    instances: int = Field(description="Annotated instances")
    average_map: float = Field(description="Average mAP over the thresholds")
    interval: tuple[float, float] | None = Field(None, description="Interval of the average mAP, 95 %")
    tiou_thresholds: tuple[float, ...] = Field(description="tIoU thresholds")
    map: tuple[float, ...] = Field(description="mAP at each threshold")


class Manifest(VariantSettings):
    """What `bundle.json` holds."""

    format: int = Field(FORMAT, ge=FORMAT, le=FORMAT, description="Version of the layout")
    classes: tuple[str, ...] = Field(min_length=1, description="Classes in canonical order")
    generators: tuple[BundledGenerator, ...] = Field(description="Generators of the variant's proposals")
    panel: tuple[BundledClassifier, ...] = Field(description="Classifiers of weight above 0")
    recogniser: BundledRecogniser | None = Field(None, description="Recogniser, if it labels the proposals")
    networks: dict[str, str] = Field(
        default_factory=dict, description="SHA-256 of the files of the networks, which are not in the bundle"
    )
    measured: dict[Name, Measured] = Field(default_factory=dict, description="Scores of each scored subset")
    versions: dict[str, str] = Field(description="Versions of the software that made it")
    checksums: dict[File, str] = Field(description="SHA-256 of every other file")

    @property
    def outside(self) -> list[BundledClassifier]:
        """Classifiers whose scores of new videos must be given."""
        return [member for member in self.panel if member.source == "outside"]

    @property
    def readings(self) -> list[tuple[str, ...]]:
        """Encoders whose features some part reads side by side, each list once."""
        single = [(member.encoder,) for generator in self.generators for member in generator.members]
        panel = [member.encoders for member in self.panel if member.encoders]
        recogniser = [self.recogniser.encoders] if self.recogniser else []
        return list(dict.fromkeys([*single, *panel, *recogniser]))

    @property
    def used_encoders(self) -> list[str]:
        """Encoders whose features of new videos must be given, in the order of the sheet."""
        used = {encoder for encoders in self.readings for encoder in encoders}
        return [encoder for encoder in self.encoders if encoder in used]

    def channels_of(self, encoders: Sequence[str]) -> int:
        """Return the number of channels of encoders side by side."""
        return sum(stream.channels for encoder in encoders for stream in self.encoders[encoder])

    @model_validator(mode="after")
    def _complete(self) -> Self:
        unknown = {encoder for encoders in self.readings for encoder in encoders} - set(self.encoders)
        if unknown:
            raise ValueError(f"unknown encoders: {', '.join(sorted(unknown))}")
        kinds = ("snippets", "encoder") if self.windows else ("outside", "trained")
        for member in self.panel:
            if member.source not in kinds:
                raise ValueError(f"{member.name}: a classifier of the source {member.source} does not fit")
            if (member.source in ("snippets", "trained")) != (member.model is not None):
                raise ValueError(f"{member.name}: only a trained classifier has a file, and it needs one")
            if (member.source == "outside") != (not member.encoders):
                raise ValueError(f"{member.name}: its encoders do not fit")
        if not (self.recogniser or (self.generators and self.panel)):
            raise ValueError("neither a recogniser, nor generators with a panel")
        if self.recogniser and not self.windows:
            raise ValueError("a recogniser needs `windows`")
        return self
