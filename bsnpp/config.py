"""The configuration of a challenge, composed of the stages' settings.

The workflow reads it; no script does: a rule hands each script the section that its stage reads.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from bsnpp.annotations import AnnotationSettings
from bsnpp.classification.settings import (
    ClassifierSettings,
    RecognitionSettings,
    SmoothingSettings,
    SnippetClassifierSettings,
    WeightSearchSettings,
)
from bsnpp.components import ComponentSettings, with_components
from bsnpp.detection.settings import NMS_PRESETS, DetectionSettings, ScorePreset, SweepSettings
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.features.settings import RescalingSettings, WindowSettings
from bsnpp.fusion.settings import FusionSettings
from bsnpp.hapt.settings import HaptSettings
from bsnpp.inference.settings import InferenceSettings
from bsnpp.models.settings import GeneratorSettings
from bsnpp.names import GROUND_TRUTH, PANELS, VARIANTS, EachOnce, repeated, taken
from bsnpp.scales import ScaleSettings
from bsnpp.settings import Name, Settings
from bsnpp.simulation.settings import SimulationSettings
from bsnpp.training.settings import MachineSettings, TrainingSettings
from bsnpp.variants import INITIALISATIONS, Blend, Panel, Variant


class GeneratorSection(Settings):
    """A proposal generator: what it is and how it is trained."""

    model: GeneratorSettings = Field(discriminator="architecture", description="architecture and widths")
    training: TrainingSettings = Field(TrainingSettings(), description="training on the challenge")
    pretraining: TrainingSettings = Field(
        TrainingSettings(select="last"), description="training on the pre-training set"
    )
    score: ScorePreset | None = Field(
        None, description="score of its proposals, if another one than `detection.score`"
    )
    weighed_by: ScorePreset | None = Field(
        None,
        description="score of the proposals by which encoders and classifiers are weighed, if another one "
        "than `score`",
    )
    seed: int | None = Field(
        None, ge=0, description="seed of its training, if another one than `compute.seed`"
    )


class SubmissionSettings(Settings):
    """What is handed in."""

    variant: Name = Field(description="variant that is submitted")
    external_data: str = Field(
        "",
        description="text about outside data or models for `external_data.details`; empty if none was used",
    )


class Challenge(Settings):
    """Everything that a run reads."""

    challenge: Name = Field(description="name of the challenge")
    results: str = Field("results/{challenge}", description="folder of every file of the run")
    simulation: SimulationSettings | None = Field(
        None, description="make a simulated challenge under {results}/simulated"
    )
    hapt: HaptSettings | None = Field(
        None, description="make the HAPT recordings ready under {results}/prepared, from their archive"
    )
    archive: str | None = Field(
        None, description="archive that `hapt` reads; without it, it is fetched from its public address"
    )
    compute: MachineSettings = Field(MachineSettings(), description="device, threads and seed")
    annotations: AnnotationSettings = Field(description="ground truth of the challenge")
    pretraining: AnnotationSettings | None = Field(
        None, description="ground truth of the pre-training set; its training subset is used"
    )
    encoders: str = Field(description="sample sheet of encoders, tab-separated")
    classifiers: str = Field(description="sample sheet of classifiers, tab-separated")
    external_detections: str | None = Field(
        None, description="sample sheet of anyone's submission files, tab-separated"
    )
    scales: ScaleSettings = Field(ScaleSettings(), description="numbers of cells")
    rescaling: RescalingSettings = Field(RescalingSettings(), description="how features are rescaled")
    windows: WindowSettings | None = Field(
        None, description="cut recordings of any length into windows, in place of rescaling whole videos"
    )
    generators: dict[Name, GeneratorSection] = Field(min_length=1, description="proposal generators by name")
    inference: InferenceSettings = Field(InferenceSettings(), description="prediction of maps")
    blends: dict[Name, Blend] = Field(min_length=1, description="which maps are fused")
    fusion: FusionSettings = Field(FusionSettings(), description="how maps are weighed and fused")
    classifier_training: ClassifierSettings = Field(
        ClassifierSettings(), description="classifiers that are trained here"
    )
    panels: dict[Name, Panel] = Field(min_length=1, description="which classifiers are weighed together")
    snippet_classifier: SnippetClassifierSettings = Field(
        SnippetClassifierSettings(), description="classifiers of snippets; the sheet names the kind of each"
    )
    smoothing: SmoothingSettings = Field(SmoothingSettings(), description="the hidden Markov control")
    recognition: RecognitionSettings = Field(RecognitionSettings(), description="the recogniser of proposals")
    weight_search: WeightSearchSettings = Field(
        WeightSearchSettings(), description="grid search of classifier weights"
    )
    detection: DetectionSettings = Field(DetectionSettings(), description="from maps to detections")
    sweep: SweepSettings = Field(
        SweepSettings(), description="settings of detection that the target `sweep` compares on validation"
    )
    variants: dict[Name, Variant] = Field(min_length=1, description="what is submitted and compared")
    components: ComponentSettings | None = Field(
        None, description="what each component of a generator brings; made by the target `components` alone"
    )
    submission: SubmissionSettings = Field(description="what is handed in")
    scored_subsets: Annotated[tuple[Literal["validation", "testing"], ...], EachOnce] = Field(
        ("validation", "testing"),
        min_length=1,
        description="subsets whose ground truth is at hand and scored",
    )
    groups: str | None = Field(
        None,
        description="table of video and group, tab-separated: groups (persons) are resampled, not videos",
    )
    evaluation: EvaluationSettings = Field(EvaluationSettings(), description="how detections are scored")

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, value: Any) -> Any:
        """Replace {challenge} and {results} in every text, and add the lines of the components."""
        if not isinstance(value, dict) or "challenge" not in value:
            return value
        name = str(value["challenge"])
        results = str(value.get("results", cls.model_fields["results"].default)).replace("{challenge}", name)
        filled = _replace({**value, "results": results}, {"challenge": name, "results": results})
        return with_components(filled) if filled.get("components") else filled

    @property
    def compared(self) -> dict[str, Variant]:
        """The variants of the ablation table: all but those of the components."""
        lines = self.components.lines if self.components else {}
        return {name: variant for name, variant in self.variants.items() if name not in lines}

    @property
    def made_here(self) -> str | None:
        """The folder of the sources that the workflow makes by itself, if it does."""
        if self.simulation is not None:
            return f"{self.results}/simulated"
        return f"{self.results}/prepared" if self.hapt is not None else None

    @model_validator(mode="after")
    def _windows_for_snippets(self) -> Self:
        lines = [name for name, line in self.variants.items() if line.recognises or line.control]
        if self.windows is None and lines:
            raise ValueError(f"variants {lines} recognise snippets, which needs the section `windows`")
        if self.windows is not None and self.groups is None:
            raise ValueError("with windows, `groups` must name the person of each recording")
        return self

    @model_validator(mode="after")
    def _archive_of_recordings(self) -> Self:
        if self.archive is not None and self.hapt is None:
            raise ValueError("`archive` is read by the section `hapt`, which is not there")
        return self

    @model_validator(mode="after")
    def _enough_proposals(self) -> Self:
        if self.fusion.metric == "ar_100" and self.evaluation.proposals_per_video < 100:
            raise ValueError("fusion.metric ar_100 needs evaluation.proposals_per_video of at least 100")
        return self

    @model_validator(mode="after")
    def _whole_videos(self) -> Self:
        if self.windows is not None and self.fusion.missing == "renormalise":
            raise ValueError("fusion.missing renormalise is for whole videos, not for windows")
        if self.windows is not None and self.weight_search.metric == "average_map":
            raise ValueError("weight_search.metric average_map is for whole videos, not for windows")
        return self

    @model_validator(mode="after")
    def _one_scale_of_windows(self) -> Self:
        if self.windows is not None and self.windows.cells != self.scales.training:
            raise ValueError(
                f"windows.cells is {self.windows.cells}, but scales.training is {self.scales.training}"
            )
        return self

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        faults = [
            *self._faults_of_variants(),
            *(
                f"blends.{name}: {member} is not encoder/initialisation, with one of {INITIALISATIONS}"
                for name, blend in self.blends.items()
                for member in blend.members
                if member.count("/") != 1 or member.split("/")[1] not in INITIALISATIONS
            ),
        ]
        if self.recognition.panel not in (None, *self.panels):
            faults.append(f"recognition.panel: {self.recognition.panel} is none of {list(self.panels)}")
        if self.submission.variant not in self.compared:
            faults.append(f"submission.variant: {self.submission.variant} is none of {list(self.compared)}")
        elif self.variants[self.submission.variant].panel == GROUND_TRUTH:
            faults.append(f"submission.variant: {self.submission.variant} knows the ground truth")
        if self.components and self.components.generator not in self.generators:
            known = f"is none of {list(self.generators)}"
            faults.append(f"components.generator: {self.components.generator} {known}")
        faults += self._faults_of_names()
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _faults_of_names(self) -> list[str]:
        suppressions = dict.fromkeys(NMS_PRESETS, "it is a published suppression, which is tried anyway")
        suppressions["configured"] = "it stands for the suppression in use"
        made = self.simulation
        simulated = {
            "encoders": [one.name for one in made.encoders] if made else [],
            "classifiers": [one.name for one in made.classifiers] if made else [],
        }
        return [
            *taken("panels.", self.panels, PANELS),
            *taken("variants.", self.variants, VARIANTS),
            *taken("sweep.nms.", self.sweep.nms, suppressions),
            *(
                f"simulation.{key}: {name} stands there more than once; name each once"
                for key, names in simulated.items()
                for name in repeated(names)
            ),
        ]

    def _faults_of_variants(self) -> list[str]:
        faults = []
        for name, variant in self.variants.items():
            wanted: list[tuple[str, str, Iterable[str]]] = [
                *(("generators", generator, self.generators) for generator in variant.generators),
                *(("generators", blend, self.blends) for blend in variant.generators.values()),
            ]
            optional: list[tuple[str, str | None, Iterable[str]]] = [
                ("panel", variant.panel, [*self.panels, GROUND_TRUTH]),
                ("recognises", variant.recognises, self.variants),
                ("after", variant.after, self.variants),
            ]
            wanted += [(key, value, known) for key, value, known in optional if value is not None]
            if variant.after == name:
                faults.append(f"variants.{name}.after: a variant is no step from itself")
            origin = variant.recognises
            if origin in self.variants and self.variants[origin].recogniser:
                faults.append(f"variants.{name}.recognises: the recogniser labels {origin} already")
            faults += [
                f"variants.{name}.{key}: {value} is none of {list(known)}"
                for key, value, known in wanted
                if value not in known
            ]
        return faults


def _replace(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _replace(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [_replace(item, words) for item in value]
    if isinstance(value, str):
        for word, meaning in words.items():
            value = value.replace("{" + word + "}", meaning)
    return value


def configuration_schema() -> dict[str, Any]:
    """The JSON schema of a challenge's configuration."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Challenge.model_json_schema()}
