"""The manifest of a bundle: everything but the weights."""

from typing import Annotated

from pydantic import Field, StringConstraints

from bsnpp.bundle.parts import GeneratorScore, PanelMember, VariantSettings
from bsnpp.core.settings import Name, Settings

FORMAT = 1
"""Version of the layout of bundles."""

MANIFEST = "bundle.json"
CARD = "README.md"

File = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]+(/[A-Za-z0-9_]+)*\.[a-z]+$")]
"""Name of a file inside the bundle."""


class Knots(Settings):
    """A calibration: linear between knots."""

    knots: tuple[float, ...] = Field(min_length=1, description="Scores of the generator, increasing")
    values: tuple[float, ...] = Field(min_length=1, description="Calibrated scores, not decreasing")


class BundledMember(Settings):
    """A model of a blend."""

    encoder: Name = Field(description="Encoder whose features it reads")
    initialisation: Name = Field(description="Initialisation: scratch or pretrained")
    weight: float = Field(gt=0, le=1, description="Weight of its maps")
    model: File = Field(description="File of the model in the bundle")

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


class Measured(Settings):
    """Scores of the variant on one subset, shares."""

    videos: int = Field(description="Videos")
    instances: int = Field(description="Annotated instances")
    average_map: float = Field(description="Average mAP over the thresholds")
    tiou_thresholds: tuple[float, ...] = Field(description="tIoU thresholds")
    map: tuple[float, ...] = Field(description="mAP at each threshold")


class Manifest(VariantSettings):
    """What `bundle.json` holds."""

    format: int = Field(FORMAT, ge=FORMAT, le=FORMAT, description="Version of the layout")
    classes: tuple[str, ...] = Field(min_length=1, description="Classes in canonical order")
    generators: tuple[BundledGenerator, ...] = Field(min_length=1, description="Generators of the variant")
    panel: tuple[BundledClassifier, ...] = Field(min_length=1, description="Classifiers of weight above 0")
    measured: dict[Name, Measured] = Field(default_factory=dict, description="Scores of each scored subset")
    versions: dict[str, str] = Field(description="Versions of the software that made it")
    checksums: dict[File, str] = Field(description="SHA-256 of every other file")

    @property
    def outside(self) -> list[BundledClassifier]:
        """Classifiers whose scores of new videos must be given."""
        return [member for member in self.panel if member.source == "outside"]

    @property
    def used_encoders(self) -> list[str]:
        """Encoders whose features of new videos must be given, in the order of the sheet."""
        used = {member.encoder for generator in self.generators for member in generator.members}
        used |= {member.encoder for member in self.panel if member.encoder is not None}
        return [encoder for encoder in self.encoders if encoder in used]
