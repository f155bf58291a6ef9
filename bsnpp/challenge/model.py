"""The configuration of a challenge, composed of the stages' settings.

The workflow reads it; no script does: a rule hands each script the section that its stage reads.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.challenge.components import ComponentSettings, with_components
from bsnpp.challenge.variants import Blend, Panel, Variant
from bsnpp.classification.settings import ClassifierSettings, WeightSearchSettings
from bsnpp.core.settings import EachOnce, Name, Settings
from bsnpp.datasets.hapt.settings import HaptSettings
from bsnpp.datasets.simulation.settings import SimulationSettings
from bsnpp.detection.settings import DetectionSettings, ScorePreset, SweepSettings
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.features.scales import ScaleSettings
from bsnpp.features.settings import RescalingSettings
from bsnpp.fusion.settings import FusionSettings
from bsnpp.inference.settings import InferenceSettings
from bsnpp.models.compute import MachineSettings
from bsnpp.models.settings import GeneratorSettings
from bsnpp.recogniser.settings import RecognitionSettings
from bsnpp.snippets.settings import SmoothingSettings, SnippetClassifierSettings
from bsnpp.training.settings import TrainingSettings
from bsnpp.windows.settings import WindowSettings


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
        description="table of video and group (person), tab-separated: folds and resamples part groups, not "
        "videos; by default each video is a group of its own",
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
