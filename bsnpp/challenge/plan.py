"""A challenge with its sample sheets: what the files of the chain are made from."""

from dataclasses import dataclass
from pathlib import Path

from bsnpp.challenge.model import Challenge
from bsnpp.challenge.names import GROUND_TRUTH
from bsnpp.challenge.sheets import Classifier, Dataset, EncoderStream, ExternalFiles
from bsnpp.challenge.variants import Variant
from bsnpp.core.errors import UserError
from bsnpp.features.settings import StreamSource

Range = tuple[float, float | None]
"""Durations in seconds from a first one to below a second one; None is without end."""

EVERY_DURATION: list[Range] = [(0.0, None)]


@dataclass(frozen=True)
class Plan:
    """The configuration of a challenge and the rows of its sheets."""

    challenge: Challenge
    streams: list[EncoderStream]
    classifiers: list[Classifier]
    external: list[ExternalFiles]

    @property
    def encoders(self) -> list[str]:
        """Names of the encoders, in the order of the sheet."""
        return list(dict.fromkeys(row.encoder for row in self.streams))

    def sources(self, encoder: str, dataset: Dataset) -> list[StreamSource]:
        """The streams of an encoder on a data set; none if the sheet has no such row."""
        return [row.source for row in self.streams if (row.encoder, row.dataset) == (encoder, dataset)]

    def classifier(self, name: str) -> Classifier:
        """The row of a classifier."""
        return next(row for row in self.classifiers if row.classifier == name)

    def external_files(self, name: str) -> ExternalFiles:
        """The row of somebody's detections."""
        return next(row for row in self.external if row.name == name)

    @property
    def swept(self) -> str | None:
        """The variant of generators that the submitted one's proposals come from; None behind a control."""
        return self._proposer(self.challenge.submission.variant)

    def _proposer(self, name: str) -> str | None:
        origin = self.challenge.variants[name].recognises or name
        return origin if self.challenge.variants[origin].generators else None

    def refuse_sweep(self) -> None:
        """Tell why nothing is swept, with the variants that could be.

        Raises
        ------
        UserError
            If the submitted variant stands behind a control.
        """
        if self.swept is not None:
            return
        others = [
            name
            for name, variant in self.challenge.compared.items()
            if self._proposer(name) and variant.panel != GROUND_TRUTH
        ]
        advice = f"submit one of these to sweep: {', '.join(others)}" if others else "no variant has any"
        submitted = self.challenge.submission.variant
        raise UserError(
            f"submission.variant: {submitted} has no proposals of generators, of which a sweep is; {advice}"
        )

    def scales_of(self, variant: Variant) -> list[int]:
        """Every scale whose maps a variant reads."""
        return sorted(dict(self._scales_and_ranges(variant)))

    def durations_at(self, scale: int) -> list[Range]:
        """Durations of the videos that some variant wants at a scale; all of them at the training scale."""
        if scale == self.challenge.scales.training:
            return EVERY_DURATION
        wanted: list[Range] = []
        for variant in self.challenge.variants.values():
            for at, durations in self._scales_and_ranges(variant):
                if at == scale and durations not in wanted:
                    wanted.append(durations)
        return EVERY_DURATION if EVERY_DURATION[0] in wanted else sorted(wanted, key=lambda pair: pair[0])

    def _scales_and_ranges(self, variant: Variant) -> list[tuple[int, Range]]:
        scales = self.challenge.scales
        if not variant.generators:
            return []
        if variant.scales == "training":
            return [(scales.training, EVERY_DURATION[0])]
        if variant.scales != "by_duration":
            return [(variant.scales, EVERY_DURATION[0])]
        lower = [0.0, *(regime.below or 0.0 for regime in scales.regimes)]
        return [
            (regime.scale, (low, regime.below)) for low, regime in zip(lower, scales.regimes, strict=False)
        ]

    def members(self, blend: str) -> list[tuple[str, str]]:
        """Encoder and initialisation of every member of a blend."""
        names = [member.split("/") for member in self.challenge.blends[blend].members]
        return [(encoder, initialisation) for encoder, initialisation in names]

    @property
    def imports(self) -> list[tuple[str, str]]:
        """Encoder and subset of all features that the compared variants are made from, sorted.

        With windows every encoder counts: classifiers of snippets and the recogniser see them all.
        """
        variants = self.challenge.compared.values()
        blends = {blend for variant in variants for blend in variant.generators.values()}
        members = {member for blend in blends for member in self.members(blend)}
        pretrained = {encoder for encoder, initialisation in members if initialisation == "pretrained"}
        encoders = {encoder for encoder, _ in members} | self._classified_encoders()
        subsets = ("training", "validation", "testing")
        imports = {(encoder, subset) for encoder in encoders for subset in subsets}
        return sorted(imports | {(encoder, "pretraining") for encoder in pretrained})

    def _classified_encoders(self) -> set[str]:
        """The encoders whose features the compared variants take classes from."""
        if self.challenge.windows is not None:
            return set(self.encoders)
        used = {variant.panel for variant in self.challenge.compared.values()}
        panels = [panel for name, panel in self.challenge.panels.items() if name in used]
        rows = [self.classifier(name) for panel in panels for name in panel.members]
        return {row.encoder for row in rows if row.source == "trained" and row.encoder is not None}

    def expected_files(self) -> dict[str, str]:
        """Every file and folder that the challenge starts from, and what it should hold."""
        files = dict(self.challenge.annotations.files)
        if self.challenge.pretraining is not None:
            files |= self.challenge.pretraining.files
        if self.challenge.groups is not None:
            files[self.challenge.groups] = "a table of video and group, tab-separated, with a header"
        for row in self.streams:
            files[row.path] = (
                f"{row.name} features of {row.encoder} ({row.dataset}), {row.channels} channels: "
                "a folder with a file per video, or one HDF5"
            )
        for classifier in self.classifiers:
            for path in (classifier.validation, classifier.testing):
                if path is not None:
                    files[path] = (
                        f"{classifier.scores} of {classifier.classifier}: JSON with `results` and `class`"
                    )
        return files

    def missing_files(self) -> list[str]:
        """Files that the user brings and that are not there; the workflow makes those of `made_here`."""
        files = self.expected_files() | self._archive()
        for row in self.external:
            for subset, path in (("validation", row.validation), ("testing", row.testing)):
                files[path] = f"detections of {row.name} in the {subset} videos, as a submission's JSON"
        return [
            f"{path}: {meaning}"
            for path, meaning in files.items()
            if not (self.is_made(path) or Path(path).exists())
        ]

    def is_made(self, path: str) -> bool:
        """Whether the workflow makes a file or folder by itself."""
        made = self.challenge.made_here
        return made is not None and path.startswith(f"{made}/")

    def _archive(self) -> dict[str, str]:
        archive = self.challenge.archive
        return {} if archive is None else {archive: "the archive that the recordings are prepared from"}
