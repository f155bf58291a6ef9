"""A trained challenge, loaded from a bundle, that detects actions in new videos."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import ValidationError

from bsnpp.bundle.archive import BundleFiles
from bsnpp.bundle.manifest import FORMAT, MANIFEST, BundledClassifier, BundledGenerator, Manifest
from bsnpp.bundle.maps import Blend, Member
from bsnpp.bundle.panel import PanelClassifier, class_probabilities
from bsnpp.bundle.videos import Features, NewVideo, encoder_sequences, outside_logits
from bsnpp.classification.classifier_files import parse_classifier
from bsnpp.core.errors import UserError
from bsnpp.core.settings import explain
from bsnpp.detection.calibration_files import from_knots
from bsnpp.detection.candidates import Candidates
from bsnpp.detection.decode import decode
from bsnpp.detection.merging import join_parts
from bsnpp.detection.per_label import suppress_per_label
from bsnpp.detection.scored_segments import Detections
from bsnpp.detection.tables import detections_table
from bsnpp.features.rescale import rescale
from bsnpp.models.build import read_generator
from bsnpp.models.device import check_device

Ready = tuple[NewVideo, dict[str, np.ndarray], dict[str, np.ndarray]]
"""A video with its features at its own scale and at the training scale, by encoder: float32 (C, T)."""


class Bundle:
    """Detects actions in new videos.

    Parameters
    ----------
    manifest : Manifest
        Settings, classes and weights of the parts.
    blends : sequence of Blend
        Generators, in the order of the manifest.
    panel : sequence of PanelClassifier
        Classifiers, in the order of the manifest.
    device : {"cpu", "cuda"}
        Where the generators run.
    """

    def __init__(
        self, manifest: Manifest, blends: Sequence[Blend], panel: Sequence[PanelClassifier], device: str
    ) -> None:
        self.manifest = manifest
        self._blends = blends
        self._panel = panel
        self._compute = manifest.compute.model_copy(update={"device": device})

    @property
    def classes(self) -> list[str]:
        """Names of the K classes, in the order of all scores."""
        return list(self.manifest.classes)

    def detect(
        self,
        features: np.ndarray | Mapping[str, Features],
        duration: float,
        scores: Mapping[str, np.ndarray] | None = None,
    ) -> pd.DataFrame:
        """Detect actions in one video.

        Parameters
        ----------
        features : np.ndarray or mapping
            Snippet features of each encoder by name: an array (t, C) or (C, t), or with several streams an
            array of each stream by name. With one encoder of one stream, also its array alone.
        duration : float
            Length of the video [s].
        scores : mapping of str to np.ndarray, optional
            Scores (K,) of the video by each outside classifier of the bundle, in the order of `classes`.

        Returns
        -------
        pd.DataFrame
            Columns label, score, start, end [s]; best first.

        Raises
        ------
        UserError
            If features or scores are missing or not usable.
        """
        if not (np.isfinite(duration) and duration > 0):
            raise UserError(f"duration must be a finite number of seconds above 0, not {duration}")
        sequences = encoder_sequences(features, self.manifest)
        logits = outside_logits(scores or {}, self.manifest)
        ((_, table),) = self.detect_all([NewVideo("", duration, duration, sequences, logits)])
        return table.drop(columns="video")

    def detect_all(self, videos: Iterable[NewVideo]) -> Iterator[tuple[NewVideo, pd.DataFrame]]:
        """Detect actions in a stream of videos.

        Batches of `inference.batch_size` videos of one scale pass the generators together, and videos are
        returned as batches are full. Memory does not grow with the number of videos.

        Parameters
        ----------
        videos : iterable of NewVideo
            Videos of any duration.

        Yields
        ------
        NewVideo, pd.DataFrame
            The video and its detections: columns video, label, score, start, end [s]; best first.
        """
        waiting: dict[int, list[Ready]] = {}
        for video in videos:
            scale = self.manifest.scale_of(video.duration)
            batch = waiting.setdefault(scale, [])
            batch.append(self._ready(video, scale))
            if len(batch) == self.manifest.inference.batch_size:
                yield from self._detected(waiting.pop(scale))
        for scale in sorted(waiting):
            yield from self._detected(waiting[scale])

    def _ready(self, video: NewVideo, scale: int) -> Ready:
        """Rescale the features of a video."""
        method, training_scale = self.manifest.rescaling.method, self.manifest.training_scale
        encoders = {member.encoder for blend in self._blends for member in blend.members.values()}
        own = {name: rescale(video.sequences[name], scale, method) for name in sorted(encoders)}
        classified = {member.encoder for member in self._panel if member.encoder is not None}
        pooled = {
            name: own[name]
            if name in own and scale == training_scale
            else rescale(video.sequences[name], training_scale, method)
            for name in sorted(classified)
        }
        return video, own, pooled

    def _detected(self, batch: Sequence[Ready]) -> Iterator[tuple[NewVideo, pd.DataFrame]]:
        """Detect actions in videos of one scale."""
        videos = [video for video, _, _ in batch]
        own = _stacked([features for _, features, _ in batch])
        pooled = _stacked([features for _, _, features in batch])
        logits = _stacked([video.logits for video in videos])
        probability = class_probabilities(self._panel, pooled, logits)
        maps = [blend.fused_maps(own, self.manifest.fusion, self._compute) for blend in self._blends]
        options = self.manifest.detection
        for row, video in enumerate(videos):
            proposals = [
                decode(boundary[row], fused[row], grid, options.scored_by(blend.score))
                for blend, (boundary, fused, grid) in zip(self._blends, maps, strict=True)
            ]
            candidates = Candidates(video.video, video.extent, proposals, [probability[row]] * len(proposals))
            yield video, self._table(video, self._joined(candidates))

    def _joined(self, candidates: Candidates) -> Detections:
        """Label the proposals of each generator, calibrate their scores, and join them."""
        labelled = candidates.labelled(self.manifest.detection)
        parts = zip(self._blends, labelled, strict=True)
        calibrated = [blend.calibration.apply(part) for blend, part in parts]
        return join_parts(calibrated, self.manifest.detection.merging)

    def _table(self, video: NewVideo, joined: Detections) -> pd.DataFrame:
        options = self.manifest.detection
        kept = suppress_per_label(joined, options.nms, options.per_video)
        return detections_table([(video.video, video.extent, kept)], self.classes)


def _stacked(arrays: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Stack the arrays of n videos by name."""
    return {name: np.stack([each[name] for each in arrays]) for name in arrays[0]}


def load(path: str | Path, device: str = "cpu") -> Bundle:
    """Load a bundle. No file of it can run code; each is checked against its SHA-256.

    Parameters
    ----------
    path : str or Path
        Archive or folder that `bsnpp export` wrote.
    device : {"cpu", "cuda"}
        Where the generators run.

    Returns
    -------
    Bundle
        Ready to detect.

    Raises
    ------
    UserError
        If it is no bundle, of another version, or damaged; or if there is no such device.
    """
    check_device(device)
    files = BundleFiles(path)
    manifest = _manifest(files)
    blends = [_blend(files, manifest, generator, device) for generator in manifest.generators]
    panel = [_classifier(files, manifest, member) for member in manifest.panel]
    return Bundle(manifest, blends, panel, device)


def _manifest(files: BundleFiles) -> Manifest:
    data = files.read(MANIFEST)
    try:
        layout = json.loads(data)["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{files.path}: {MANIFEST} is damaged; export the bundle again") from error
    if layout != FORMAT:
        raise UserError(f"{files.path}: layout {layout!r} of another version; this one reads {FORMAT}")
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as error:
        lines = [f"{files.path}: {MANIFEST} is damaged; export the bundle again", *explain(error)]
        raise UserError("\n  ".join(lines)) from error


def _blend(files: BundleFiles, manifest: Manifest, generator: BundledGenerator, device: str) -> Blend:
    members = {}
    for member in generator.members:
        data = files.read(member.model, manifest.checksums.get(member.model, ""))
        model = read_generator(data, f"{files.path}: {member.model}")
        expected = sum(stream.channels for stream in manifest.encoders[member.encoder])
        if model.channels != expected:
            raise UserError(
                f"{files.path}: {member.model} reads {model.channels} channels, but {member.encoder} has "
                f"{expected}; export the bundle again"
            )
        members[member.name] = Member(member.encoder, member.weight, model.to(device).eval())
    knots = generator.calibration.model_dump() if generator.calibration else None
    return Blend(generator.score, from_knots(knots), members)


def _classifier(files: BundleFiles, manifest: Manifest, member: BundledClassifier) -> PanelClassifier:
    trained = None
    if member.model is not None:
        data = files.read(member.model, manifest.checksums.get(member.model, ""))
        trained = parse_classifier(data, f"{files.path}: {member.model}")
    return PanelClassifier(member.name, member.weight, member.temperature, member.encoder, trained)
