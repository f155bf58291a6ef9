"""The configuration of a challenge, composed of the settings of all stages.

Only the workflow reads it. Each rule passes to its script the section that its stage needs.
"""

import os
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.challenge.components import ComponentSettings, with_components
from bsnpp.challenge.machine import EncodingOptions, MachineSettings
from bsnpp.challenge.placeholders import fill_in
from bsnpp.challenge.variants import Blend, FusionSection, Panel, Variant
from bsnpp.classification.video_classifier_settings import ClassifierSettings
from bsnpp.classification.weight_search_settings import WeightSearchSettings
from bsnpp.core.settings import EachOnce, Name, Settings
from bsnpp.datasets.hapt.settings import HaptSettings
from bsnpp.datasets.salads.settings import SaladsSettings
from bsnpp.datasets.simulation.settings import SimulationSettings
from bsnpp.detection.decoding_settings import ScoreName
from bsnpp.detection.scale_search_settings import ScaleSearchSettings
from bsnpp.detection.settings import DetectionSettings
from bsnpp.detection.sweep_settings import SweepSettings
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.features.rescale import RescalingSettings
from bsnpp.features.scales import ScaleSettings
from bsnpp.inference.settings import InferenceSettings
from bsnpp.models.settings import GeneratorSettings
from bsnpp.recogniser.settings import RecognitionSettings
from bsnpp.reruns.settings import FingerprintSettings
from bsnpp.snippets.classifier_settings import SnippetClassifierSettings
from bsnpp.snippets.semi_markov_settings import SemiMarkovSettings
from bsnpp.snippets.smoothing_settings import SmoothingSettings
from bsnpp.training.settings import TrainingSettings
from bsnpp.windows.settings import WindowSettings


class GeneratorSection(Settings):
    """A proposal generator and its training."""

    model: GeneratorSettings = Field(description="Architecture and widths")
    training: TrainingSettings = Field(TrainingSettings(), description="Training on the challenge")
    pretraining: TrainingSettings = Field(
        TrainingSettings(select="last"), description="Training on the pre-training set"
    )
    score: ScoreName | None = Field(None, description="Score of its proposals; default: `detection.score`")
    weighed_by: ScoreName | None = Field(
        None,
        description="Score of the proposals used to weight encoders and classifiers; default: `score`",
    )
    seed: int | None = Field(None, ge=0, description="Seed of its training; default: `compute.seed`")

    def resamples(self, training: TrainingSettings) -> bool:
        """Return whether the confidence losses of a training sample proposals by `resampling.method`."""
        return self.model.resamples and training.confidence_loss == "paper"


class SubmissionSettings(Settings):
    """The submission."""

    variant: Name = Field(description="Submitted variant")
    external_data: str = Field(
        "",
        description="Text for `external_data.details` about external data or models; empty: none used",
    )


class Challenge(Settings):
    """The whole configuration."""

    challenge: Name = Field(description="Name of the challenge")
    results: str = Field("results/{challenge}", description="Folder of all results")
    simulation: SimulationSettings | None = Field(
        None, description="Simulate a challenge in {results}/simulated"
    )
    hapt: HaptSettings | None = Field(
        None, description="Prepare the HAPT recordings in {results}/prepared, from their archive"
    )
    salads: SaladsSettings | None = Field(
        None, description="Prepare 50 Salads in {results}/prepared, from the clone that `archive` names"
    )
    archive: str | None = Field(
        None,
        description="Archive read by `hapt`; default: downloaded from its public address; or the folder of "
        "the repository read by `salads`",
    )
    compute: MachineSettings = Field(MachineSettings(), description="Device, threads and seed")
    annotations: AnnotationSettings = Field(description="Ground truth of the challenge")
    pretraining: AnnotationSettings | None = Field(
        None, description="Ground truth of the pre-training set; only its training subset is used"
    )
    encoders: str = Field(description="Sample sheet of encoders, tab-separated")
    classifiers: str = Field(description="Sample sheet of classifiers, tab-separated")
    external_detections: str | None = Field(
        None, description="Sample sheet of external submission files, tab-separated"
    )
    features: FingerprintSettings = Field(
        FingerprintSettings(), description="Detection of changed files; no result depends on it"
    )
    scales: ScaleSettings = Field(ScaleSettings(), description="Numbers of cells T")
    rescaling: RescalingSettings = Field(RescalingSettings(), description="Rescaling of features to T cells")
    windows: WindowSettings | None = Field(
        None, description="Cut recordings of any length into windows instead of rescaling whole videos"
    )
    networks: dict[Name, NetworkSettings] = Field(
        default_factory=dict,
        description="Networks that encode videos, by name; the sheet of encoders uses them",
    )
    encoding: EncodingOptions = Field(EncodingOptions(), description="Encoding of videos")
    generators: dict[Name, GeneratorSection] = Field(min_length=1, description="Proposal generators by name")
    inference: InferenceSettings = Field(InferenceSettings(), description="Prediction of maps")
    blends: dict[Name, Blend] = Field(min_length=1, description="Named lists of maps to fuse")
    fusion: FusionSection = Field(FusionSection(), description="Weighting and fusion of maps")
    classifier_training: ClassifierSettings = Field(
        ClassifierSettings(), description="Training of video classifiers"
    )
    panels: dict[Name, Panel] = Field(min_length=1, description="Named lists of classifiers to mix")
    snippet_classifier: SnippetClassifierSettings = Field(
        SnippetClassifierSettings(),
        description="Training of snippet classifiers; the sheet gives the kind of each",
    )
    smoothing: SmoothingSettings = Field(
        SmoothingSettings(), description="Hidden Markov model of the control"
    )
    semi_markov: SemiMarkovSettings = Field(
        SemiMarkovSettings(), description="Semi-Markov model of the control"
    )
    recognition: RecognitionSettings = Field(RecognitionSettings(), description="Recogniser of proposals")
    weight_search: WeightSearchSettings = Field(
        WeightSearchSettings(), description="Grid search of classifier weights"
    )
    detection: DetectionSettings = Field(DetectionSettings(), description="From maps to detections")
    sweep: SweepSettings = Field(
        SweepSettings(), description="Detection settings compared on validation by the target `sweep`"
    )
    scale_search: ScaleSearchSettings = Field(
        ScaleSearchSettings(), description="Rules of scales compared on validation by the target `scales`"
    )
    variants: dict[Name, Variant] = Field(min_length=1, description="Rows of the ablation table")
    components: ComponentSettings | None = Field(
        None, description="Ablation of a generator's components, run by the target `components` only"
    )
    submission: SubmissionSettings = Field(description="The submission")
    scored_subsets: Annotated[tuple[Literal["validation", "testing"], ...], EachOnce] = Field(
        ("validation", "testing"),
        min_length=1,
        description="Subsets that are scored; their ground truth must be available",
    )
    groups: str | None = Field(
        None,
        description="Table of video and group, e.g. person, tab-separated: folds and bootstrap resamples "
        "split groups, not videos; default: each video is its own group",
    )
    evaluation: EvaluationSettings = Field(EvaluationSettings(), description="Scoring of detections")

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, value: Any) -> Any:
        """Replace {challenge} and {results} in all texts, and add the variants of `components`."""
        if not isinstance(value, dict) or "challenge" not in value:
            return value
        name = str(value["challenge"])
        results = fill_in(value.get("results", cls.model_fields["results"].default), {"challenge": name})
        if isinstance(results, str) and results:
            results = os.path.normpath(results)  # Snakemake compares paths as texts
        filled = fill_in({**value, "results": results}, {"challenge": name, "results": str(results)})
        return with_components(filled) if filled.get("components") else filled

    @property
    def compared(self) -> dict[str, Variant]:
        """Variants of the ablation table: all except those of `components`."""
        lines = self.components.lines if self.components else {}
        return {name: variant for name, variant in self.variants.items() if name not in lines}

    @property
    def encoded(self) -> str:
        """Folder of the features that are made from videos."""
        return f"{self.results}/encoding"

    @property
    def made_here(self) -> str | None:
        """Folder of the sources made by the workflow itself; None if the user provides them."""
        if self.simulation is not None:
            return f"{self.results}/simulated"
        return f"{self.results}/prepared" if self.hapt is not None or self.salads is not None else None


def configuration_schema() -> dict[str, Any]:
    """Return the JSON schema of the configuration."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Challenge.model_json_schema()}
