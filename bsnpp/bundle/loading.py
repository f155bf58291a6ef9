"""Load a bundle: check its files and build its parts."""

import json
from pathlib import Path

from pydantic import ValidationError

from bsnpp.bundle.archive import BundleFiles
from bsnpp.bundle.bundle import Bundle, Detector
from bsnpp.bundle.manifest import FORMAT, MANIFEST, BundledGenerator, Manifest
from bsnpp.bundle.maps import Blend, Member
from bsnpp.bundle.panel import PanelClassifier
from bsnpp.bundle.recording_detector import RecordingDetector
from bsnpp.bundle.snippet_panel import SnippetMember
from bsnpp.bundle.video_detector import VideoDetector
from bsnpp.bundle.videos import reading_name
from bsnpp.classification.classifier_files import parse_classifier
from bsnpp.core.calibration import from_knots
from bsnpp.core.errors import UserError
from bsnpp.core.settings import explain
from bsnpp.fusion.map_calibration import from_map_knots
from bsnpp.models.build import read_generator
from bsnpp.models.device import prepare_device
from bsnpp.recogniser.recogniser import Recogniser
from bsnpp.recogniser.recogniser_files import parse_recogniser
from bsnpp.snippets.classifier_files import parse_snippet_classifier
from bsnpp.snippets.scores import with_background


def load(path: str | Path, device: str = "cpu") -> Bundle:
    """Load a bundle. No file of it can run code; each is checked against its SHA-256.

    Parameters
    ----------
    path : str or Path
        Archive or folder that `bsnpp export` wrote.
    device : {"cpu", "cuda"}
        Where the generators run. Convolutions in float32 no longer round to TF32 in this process.

    Returns
    -------
    Bundle
        Ready to detect.

    Raises
    ------
    UserError
        If it is not a bundle of this version, or damaged, or if there is no such device.
    """
    prepare_device(device)
    parts = _Parts(BundleFiles(path))
    compute = parts.manifest.compute.model_copy(update={"device": device})
    blends = [parts.blend(generator, device) for generator in parts.manifest.generators]
    detector: Detector
    if parts.manifest.windows is None:
        detector = VideoDetector(parts.manifest, blends, parts.panel(), compute)
    else:
        panel, recogniser = parts.snippet_panel(), parts.recogniser()
        detector = RecordingDetector(parts.manifest, blends, panel, recogniser, compute)
    return Bundle(parts.manifest, detector)


class _Parts:
    """Reads the parts of a bundle."""

    def __init__(self, files: BundleFiles) -> None:
        self.files = files
        self.manifest = _manifest(files)

    def read(self, name: str) -> tuple[bytes, str]:
        """Return the content of a file, and its name for messages."""
        return self.files.read(name, self.manifest.checksums.get(name, "")), f"{self.files.path}: {name}"

    def blend(self, generator: BundledGenerator, device: str) -> Blend:
        """Return a generator with the models of its blend."""
        members = {}
        for member in generator.members:
            model = read_generator(*self.read(member.model))
            self.check_channels(member.model, model.channels, (member.encoder,))
            calibration = from_map_knots(member.calibration.model_dump()) if member.calibration else None
            model = model.to(device).eval()
            members[member.name] = Member(member.encoder, member.weight, model, calibration)
        knots = generator.calibration.model_dump() if generator.calibration else None
        return Blend(generator.score, from_knots(knots), members)

    def panel(self) -> list[PanelClassifier]:
        """Return the classifiers of whole videos."""
        return [
            PanelClassifier(
                member.name,
                member.weight,
                member.temperature,
                member.encoders[0] if member.encoders else None,
                parse_classifier(*self.read(member.model)) if member.model else None,
            )
            for member in self.manifest.panel
        ]

    def snippet_panel(self) -> list[SnippetMember]:
        """Return the classifiers of snippets."""
        members = []
        for member in self.manifest.panel:
            trained = None
            if member.model is not None:
                trained, channels = parse_snippet_classifier(*self.read(member.model))
                self.check_channels(member.model, channels, member.encoders)
                self.check_classes(member.model, trained.classes, with_background(self.manifest.classes))
                self.check_stride(member.model, trained.snippet_seconds)
            reading = reading_name(member.encoders)
            members.append(SnippetMember(member.weight, member.temperature, reading, trained, member.scores))
        return members

    def recogniser(self) -> tuple[str, Recogniser] | None:
        """Return the recogniser and the name of the features that it reads, if there is one."""
        bundled = self.manifest.recogniser
        if bundled is None:
            return None
        recogniser, channels = parse_recogniser(*self.read(bundled.model))
        self.check_channels(bundled.model, channels, bundled.encoders)
        self.check_classes(bundled.model, recogniser.classes, list(self.manifest.classes))
        self.check_stride(bundled.model, recogniser.snippet_seconds)
        return reading_name(bundled.encoders), recogniser

    def check_channels(self, name: str, channels: int, encoders: tuple[str, ...]) -> None:
        """Check the number of channels that a part reads."""
        expected = self.manifest.channels_of(encoders)
        if channels != expected:
            self._refuse(name, f"reads {channels} channels, but {reading_name(encoders)} has {expected}")

    def check_classes(self, name: str, classes: list[str], expected: list[str]) -> None:
        """Check the classes of a part."""
        if classes != expected:
            self._refuse(name, "has other classes than the manifest")

    def check_stride(self, name: str, seconds: float | None) -> None:
        """Check the time between snippets that a part was trained with."""
        if self.manifest.windows is None or seconds != self.manifest.windows.snippet_seconds:
            trained = "whole videos" if seconds is None else f"snippets of {seconds:g} s"
            self._refuse(name, f"was trained on {trained}, unlike the manifest")

    def _refuse(self, name: str, fault: str) -> None:
        raise UserError(f"{self.files.path}: {name} {fault}; export the bundle again")


def _manifest(files: BundleFiles) -> Manifest:
    data = files.read(MANIFEST)
    try:
        layout = json.loads(data)["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{files.path}: {MANIFEST} is damaged; export the bundle again") from error
    if layout != FORMAT:
        newer = isinstance(layout, int) and layout > FORMAT
        advice = "update bsnpp" if newer else "export the bundle again"
        raise UserError(f"{files.path}: has layout {layout!r}, but this version reads {FORMAT}; {advice}")
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as error:
        lines = [f"{files.path}: {MANIFEST} is damaged; export the bundle again", *explain(error)]
        raise UserError("\n  ".join(lines)) from error
