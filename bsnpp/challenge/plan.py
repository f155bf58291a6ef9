"""Derive what the workflow needs from a configuration and its sample sheets."""

import os
from dataclasses import dataclass

from bsnpp.challenge.members import Member
from bsnpp.challenge.model import Challenge
from bsnpp.challenge.names import GROUND_TRUTH
from bsnpp.challenge.sheets import Classifier, Dataset, EncoderStream, ExternalFiles
from bsnpp.challenge.variants import Variant
from bsnpp.features.scales import DurationRegime, ScaleSettings
from bsnpp.features.settings import StreamSource

Range = tuple[float, float | None]
"""Range of durations [s]: from the first, up to but excluding the second; None: no upper limit."""

EVERY_DURATION: list[Range] = [(0.0, None)]


@dataclass(frozen=True)
class Plan:
    """The configuration of a challenge and the rows of its sample sheets."""

    challenge: Challenge
    streams: list[EncoderStream]
    classifiers: list[Classifier]
    external: list[ExternalFiles]

    @property
    def encoders(self) -> list[str]:
        """Names of the encoders in the order of the sheet."""
        return list(dict.fromkeys(row.encoder for row in self.streams))

    def sources(self, encoder: str, dataset: Dataset) -> list[StreamSource]:
        """Return the streams of an encoder on a data set; empty if the sheet has no such row."""
        return [row.source for row in self.streams if (row.encoder, row.dataset) == (encoder, dataset)]

    def stream(self, encoder: str, dataset: str, name: str) -> EncoderStream:
        """Return the row of one stream."""
        key = (encoder, dataset, name)
        return next(row for row in self.streams if (row.encoder, row.dataset, row.name) == key)

    @property
    def encoded(self) -> list[EncoderStream]:
        """Rows whose features are made from videos."""
        return [row for row in self.streams if row.videos is not None]

    def classifier(self, name: str) -> Classifier:
        """Return the row of a classifier."""
        return next(row for row in self.classifiers if row.classifier == name)

    def external_files(self, name: str) -> ExternalFiles:
        """Return the row of external detections."""
        return next(row for row in self.external if row.name == name)

    @property
    def swept(self) -> str | None:
        """Variant whose detection settings the target `sweep` tries; None if nothing can be swept."""
        return self.proposer(self.challenge.submission.variant)

    def proposer(self, name: str) -> str | None:
        """Return the variant of generators whose proposals a variant labels.

        It is the variant itself or the one that it recognises; None if a control makes the proposals.
        """
        variants = self.challenge.variants
        origin = variants[name].recognises or name
        return origin if variants[origin].source == "generators" else None

    @property
    def export_faults(self) -> list[str]:
        """Return why the submitted variant cannot be exported for new videos; empty if it can be."""
        name = self.challenge.submission.variant
        variant = self.challenge.variants[name]
        faults = []
        if variant.source == "runs":
            faults.append(f"{name}: a control without generators and recogniser")
        elif variant.recognises and self.proposer(name) is None:
            faults.append(f"{name}: recognises the proposals of a control, {variant.recognises}")
        if variant.source == "recogniser" and self.challenge.windows is None:
            faults.append(f"{name}: its recogniser reads whole videos; bundles recognise recordings only")
        if variant.source == "recogniser" and self.challenge.recognition.panel == GROUND_TRUTH:
            faults.append(f"{name}: its recogniser knows the annotated classes")
        if variant.external:
            files = ", ".join(variant.external)
            faults.append(f"{name}: joins external detections ({files}), which new videos do not have")
        return faults

    def scales_of(self, variant: Variant) -> list[int]:
        """Return every scale whose maps a variant reads, in ascending order."""
        return sorted(dict(self._scales_and_ranges(variant)))

    @property
    def tried_scales(self) -> list[int]:
        """Scales that the target `scales` compares, in ascending order; empty if it has nothing to do."""
        challenge = self.challenge
        if self.swept is None or challenge.windows is not None or not challenge.scale_search.scales:
            return []
        rules = challenge.scales, self.rule_of(challenge.variants[self.swept])
        regimes = (regime.scale for rule in rules for regime in rule.regimes)
        return sorted({challenge.scales.training, *challenge.scale_search.scales, *regimes})

    def rule_of(self, variant: Variant) -> ScaleSettings:
        """Return the rule of scales of a variant; one regime if all its videos have the same scale."""
        scales = self.challenge.scales
        if variant.scales == "by_duration":
            return scales
        scale = scales.training if variant.scales == "training" else variant.scales
        return scales.model_copy(update={"regimes": (DurationRegime(below=None, scale=scale),)})

    def durations_at(self, scale: int, subset: str) -> list[Range]:
        """Return the durations of the videos of a subset that are needed at a scale.

        At the training scale, at further scales of training, and for validation at the scales that are tried,
        these are all videos.
        """
        scales = self.challenge.scales
        complete = {"validation": (scales.training, *self.tried_scales), "testing": (scales.training,)}
        if scale in complete.get(subset, scales.trained):
            return EVERY_DURATION
        wanted: list[Range] = []
        for variant in self.challenge.variants.values():
            for at, durations in self._scales_and_ranges(variant):
                if at == scale and durations not in wanted:
                    wanted.append(durations)
        return EVERY_DURATION if EVERY_DURATION[0] in wanted else sorted(wanted, key=lambda pair: pair[0])

    def _scales_and_ranges(self, variant: Variant) -> list[tuple[int, Range]]:
        """Return each scale of a variant with the durations of its videos."""
        if variant.source != "generators":
            return []
        regimes = self.rule_of(variant).regimes
        lower = [0.0, *(regime.below or 0.0 for regime in regimes)]
        return [(regime.scale, (low, regime.below)) for low, regime in zip(lower, regimes, strict=False)]

    def members(self, blend: str) -> list[Member]:
        """Return the members of a blend."""
        parsed = (Member.parse(member) for member in self.challenge.blends[blend].members)
        return [member for member in parsed if member is not None]

    def seed(self, generator: str, member: Member | None) -> int:
        """Return the seed of a training: of the member, else of the generator, else of all.

        The member None is the training on the pre-training set.
        """
        own = None if member is None else member.seed
        seeds = (own, self.challenge.generators[generator].seed)
        return next((seed for seed in seeds if seed is not None), self.challenge.compute.seed)

    @property
    def imports(self) -> list[tuple[str, str]]:
        """Encoder and subset of all features that the compared variants use, sorted.

        With `windows`, this is every encoder: snippet classifiers and the recogniser use them all.
        """
        variants = self.challenge.compared.values()
        blends = {blend for variant in variants for blend in variant.generators.values()}
        members = {member for blend in blends for member in self.members(blend)}
        pretrained = {member.encoder for member in members if member.pretrained}
        encoders = {member.encoder for member in members} | self._classified_encoders()
        subsets = ("training", "validation", "testing")
        imports = {(encoder, subset) for encoder in encoders for subset in subsets}
        return sorted(imports | {(encoder, "pretraining") for encoder in pretrained})

    def _classified_encoders(self) -> set[str]:
        """Return the encoders whose features classifiers and recogniser of the compared variants use."""
        if self.challenge.windows is not None:
            return set(self.encoders)
        recognition, variants = self.challenge.recognition, self.challenge.compared.values()
        used, read = {variant.panel for variant in variants}, set[str]()
        if any(variant.source == "recogniser" for variant in variants):
            used.add(recognition.panel)
            read = {name for one in recognition.alternatives for name in one.encoders or self.encoders}
        panels = [panel for name, panel in self.challenge.panels.items() if name in used]
        rows = [self.classifier(name) for panel in panels for name in panel.members]
        return read | {row.encoder for row in rows if row.source == "trained" and row.encoder is not None}

    def expected_files(self) -> dict[str, str]:
        """Return every source file and folder of the challenge with its expected content."""
        files = dict(self.challenge.annotations.files)
        if self.challenge.pretraining is not None:
            files |= self.challenge.pretraining.files
        if self.challenge.groups is not None:
            files[self.challenge.groups] = "table of video and group, tab-separated, with a header"
        for row in self.streams:
            files[row.path] = (
                f"{row.name} features of {row.encoder} ({row.dataset}), {row.channels} channels: "
                "folder with a file per video, or one HDF5 file"
            )
            if row.videos is not None and row.network is not None:
                files[row.videos] = f"videos of {row.encoder} ({row.dataset}): folder with a file per video"
                files |= self.challenge.networks[row.network].model.files
        for classifier in self.classifiers:
            for path in (classifier.validation, classifier.testing):
                if path is not None:
                    files[path] = (
                        f"{classifier.scores} of {classifier.classifier}: JSON with `results` and `class`"
                    )
        return files

    def missing_files(self) -> list[str]:
        """List the sources that the user must provide and that do not exist, with their expected content."""
        files = self.expected_files() | self._archive()
        for row in self.external:
            for subset, path in (("validation", row.validation), ("testing", row.testing)):
                files[path] = f"submission JSON of {row.name} for the {subset} videos"
        return [
            f"{path}: {meaning}"
            for path, meaning in files.items()
            if not (self.is_made(path) or os.path.exists(path))
        ]

    @property
    def prepared(self) -> list[str]:
        """Sources that the workflow itself makes, without those that it makes from videos."""
        folder = self.challenge.made_here
        return [path for path in self.expected_files() if folder and path.startswith(f"{folder}/")]

    def is_made(self, path: str) -> bool:
        """Return whether the workflow itself makes a file or folder."""
        folders = [self.challenge.encoded, self.challenge.made_here]
        return any(folder is not None and path.startswith(f"{folder}/") for folder in folders)

    def _archive(self) -> dict[str, str]:
        """Return the archive of recordings, if the configuration names one."""
        archive = self.challenge.archive
        return {} if archive is None else {archive: "archive of the recordings"}
