"""A new default of any settings, or an edit of any file format, reruns exactly the rules that read it.

The tables list, for every class of settings and every module of `bsnpp.stores`, the rules whose parameters
contain the digest of its module. If your edit changes a table, first ask whether the rule really reads the
settings or the format. If not, move the settings or the import; if so, update the table.
"""

import importlib
import pkgutil
import re
from functools import cache

import pytest

import bsnpp
from bsnpp.core.settings import Settings
from bsnpp.models.settings import ARCHITECTURES
from bsnpp.reruns.code import module_digests
from tests.paths import ROOT, SCRIPTS

NOTHING = ""
"""Only the configuration reads these settings, and passes each rule its part."""

SETTINGS = {
    "annotations.settings.AnnotationSettings": "list_classes read_annotations",
    "bundle.manifest.BundledClassifier": "export_bundle",
    "bundle.manifest.BundledGenerator": "export_bundle",
    "bundle.manifest.BundledMember": "export_bundle",
    "bundle.manifest.Knots": "export_bundle",
    "bundle.manifest.Manifest": "export_bundle",
    "bundle.manifest.Measured": "export_bundle",
    "bundle.parts.GeneratorScore": "describe_export export_bundle",
    "bundle.parts.PanelMember": "describe_export export_bundle",
    "bundle.parts.Stream": "describe_export export_bundle",
    "bundle.parts.VariantSettings": "describe_export export_bundle",
    "bundle.plan.ExportPlan": "describe_export export_bundle",
    "bundle.plan.PlannedClassifier": "describe_export export_bundle",
    "bundle.plan.PlannedGenerator": "describe_export export_bundle",
    "challenge.components.ComponentRow": NOTHING,
    "challenge.components.ComponentSettings": NOTHING,
    "challenge.machine.MachineSettings": NOTHING,
    "challenge.model.Challenge": NOTHING,
    "challenge.model.GeneratorSection": NOTHING,
    "challenge.model.SubmissionSettings": NOTHING,
    "challenge.sheets.Classifier": NOTHING,
    "challenge.sheets.EncoderStream": NOTHING,
    "challenge.sheets.ExternalFiles": NOTHING,
    "challenge.variants.Blend": NOTHING,
    "challenge.variants.Panel": NOTHING,
    "challenge.variants.Variant": NOTHING,
    "challenge.variants._Members": NOTHING,
    "classification.video_classifier_settings.ClassifierSettings": "train_classifier",
    "classification.weight_search_settings.WeightSearchSettings": (
        "weigh_classifiers weigh_snippet_classifiers"
    ),
    "datasets.hapt.settings.HaptSettings": "prepare_hapt",
    "datasets.salads.settings.SaladsSettings": "prepare_salads",
    "datasets.simulation.settings.SimulatedClassifier": "simulate",
    "datasets.simulation.settings.SimulatedEncoder": "simulate",
    "datasets.simulation.settings.SimulationSettings": "simulate",
    "detection.decoding_settings.DecodingSettings": (
        "compare_ensembles describe_export detect export_bundle propose_on_training sweep_detection "
        "weigh_classifiers weigh_encoders"
    ),
    "detection.ensemble_settings.EnsembleSettings": (
        "compare_ensembles describe_export detect export_bundle propose_on_training sweep_detection"
    ),
    "detection.inputs.CandidateSettings": "compare_ensembles detect propose_on_training sweep_detection",
    "detection.labelling_settings.LabellingSettings": (
        "compare_ensembles cross_validate_recogniser describe_export detect export_bundle "
        "propose_on_training recognise sweep_detection weigh_classifiers"
    ),
    "detection.relabelling_settings.RelabellingSettings": (
        "compare_ensembles describe_export detect export_bundle propose_on_training sweep_detection "
        "weigh_classifiers"
    ),
    "detection.settings.DetectionSettings": "sweep_detection",
    "detection.suppression.settings.NMSSettings": (
        "compare_ensembles cross_validate_recogniser describe_export detect export_bundle "
        "propose_on_training recognise sweep_detection weigh_classifiers weigh_encoders"
    ),
    "detection.suppression.settings.SuppressionSettings": (
        "compare_ensembles cross_validate_recogniser describe_export detect export_bundle "
        "propose_on_training recognise sweep_detection weigh_classifiers weigh_encoders"
    ),
    "detection.sweep_settings.SweepSettings": "sweep_detection",
    "encoding.clips.ClipSettings": NOTHING,
    "encoding.image_settings.ImageSettings": NOTHING,
    "evaluation.metric_settings.MetricSettings": (
        "compare_ensembles draw_classes evaluate_variant sweep_detection weigh_classifiers weigh_encoders"
    ),
    "evaluation.settings.EvaluationSettings": "compare_ensembles evaluate_variant",
    "features.rescale.RescalingSettings": "describe_export export_bundle rescale_features",
    "features.scales.DurationRegime": (
        "compare_ensembles describe_export detect export_bundle propose_on_training sweep_detection"
    ),
    "features.scales.ScaleSettings": (
        "compare_ensembles describe_export detect export_bundle propose_on_training sweep_detection"
    ),
    "features.settings.StreamSource": (
        "cross_validate_recogniser describe_export export_bundle import_snippet_scores list_features "
        "recognise rescale_features rescale_windows train_snippet_classifier"
    ),
    "fusion.blend_settings.BlendSettings": "describe_export export_bundle fuse_maps weigh_encoders",
    "fusion.settings.FusionSettings": "weigh_encoders",
    "inference.settings.InferenceSettings": "describe_export export_bundle predict_maps",
    "models.compute.ComputeSettings": "describe_export export_bundle predict_maps train_generator",
    "models.compute.PrecisionSettings": "describe_export export_bundle predict_maps train_generator",
    "models.loss_settings.LossSettings": "draw_sampling train_generator",
    "models.loss_settings.ResamplingSettings": "draw_sampling train_generator",
    "models.loss_settings.ThresholdSettings": "draw_sampling train_generator",
    "models.settings.BMNSettings": "draw_sampling predict_maps train_generator",
    "models.settings.BSNPPSettings": "draw_sampling predict_maps train_generator",
    "models.settings.MatchingSettings": "draw_sampling predict_maps train_generator",
    "models.settings.ProposalSettings": "draw_sampling predict_maps train_generator",
    "recogniser.inputs.RecogniserSettings": "cross_validate_recogniser recognise",
    "recogniser.settings.DenseSettings": "cross_validate_recogniser recognise",
    "recogniser.settings.RecognitionCandidates": "cross_validate_recogniser recognise",
    "recogniser.settings.RecognitionSettings": "cross_validate_recogniser recognise",
    "snippets.classifier_settings.SnippetClassifierSettings": "train_snippet_classifier",
    "snippets.estimator_settings.EstimatorSettings": (
        "cross_validate_recogniser recognise train_snippet_classifier"
    ),
    "snippets.smoothing_settings.SmoothingSettings": "detect_runs",
    "training.session.SessionSettings": "train_generator",
    "training.settings.LearningStage": "draw_sampling train_generator",
    "training.settings.ScheduleSettings": "draw_sampling train_generator",
    "training.settings.TrainingSettings": "draw_sampling train_generator",
    "windows.cells.CellSettings": (
        "compare_ensembles cut_windows detect propose_on_training rescale_windows sweep_detection"
    ),
    "windows.cutting.CuttingSettings": "cut_windows",
    "windows.settings.WindowSettings": NOTHING,
    "windows.snippet_settings.SnippetSettings": (
        "cross_validate_recogniser ground_truth_snippets import_snippet_scores recognise rescale_windows "
        "train_snippet_classifier"
    ),
}
"""Rules by class of settings."""

STORES = {
    "class_scores": (
        "compare_ensembles detect ground_truth_classes import_scores propose_on_training sweep_detection "
        "train_classifier weigh_classifiers"
    ),
    "csv_tables": (
        "compare_ensembles cross_validate_recogniser draw_ablation draw_classes draw_panel draw_sweep "
        "draw_training draw_weights sweep_detection weigh_classifiers weigh_snippet_classifiers "
        "write_ablation write_components"
    ),
    "detections": (
        "compare_ensembles detect detect_runs draw_timeline evaluate_variant import_external "
        "propose_on_training recognise sweep_detection write_submission"
    ),
    "evaluations": (
        "draw_classes draw_recall evaluate_variant export_bundle write_ablation write_components"
    ),
    "features": (
        "draw_sampling predict_maps rescale_features rescale_windows train_classifier train_generator"
    ),
    "maps": (
        "compare_ensembles detect fuse_maps predict_maps propose_on_training sweep_detection "
        "weigh_classifiers weigh_encoders"
    ),
    "snippet_scores": (
        "compare_ensembles cross_validate_recogniser detect detect_runs ground_truth_snippets "
        "import_snippet_scores propose_on_training recognise sweep_detection train_snippet_classifier "
        "weigh_snippet_classifiers"
    ),
    "tables": (
        "compare_ensembles cross_validate_recogniser cut_windows detect detect_runs draw_sampling "
        "draw_timeline evaluate_variant ground_truth_classes ground_truth_snippets import_external "
        "import_scores import_snippet_scores list_features propose_on_training read_annotations recognise "
        "rescale_windows sweep_detection train_classifier train_generator train_snippet_classifier "
        "validate_submission weigh_classifiers weigh_encoders weigh_snippet_classifiers write_submission"
    ),
    "video_lists": "fuse_maps list_scale_videos rescale_features",
    "weights": (
        "draw_panel export_bundle fuse_maps weigh_classifiers weigh_snippet_classifiers write_manifest"
    ),
    "windows": "compare_ensembles detect propose_on_training rescale_windows sweep_detection",
}
"""Rules by module of `bsnpp.stores`."""

CODE = re.compile(r'\*\*(network_)?code\("([\w/]+)"(,)?')
"""Where a rule takes digests as parameters: name of the script, and whether it loads networks by name."""


@cache
def rules_by_module() -> dict[str, set[str]]:
    """List the rules whose parameters contain the digest of each module."""
    networks = [kind.network_module() for kind in ARCHITECTURES.values()]
    rules: dict[str, set[str]] = {}
    for path in sorted((ROOT / "workflow/rules").glob("*.smk")):
        for rule in re.split(r"\n *rule ", path.read_text())[1:]:
            for by_name, script, more in CODE.findall(rule):
                loaded = networks if by_name or more else []
                for module in module_digests(SCRIPTS / f"{script}.py", *loaded):
                    rules.setdefault(module, set()).add(rule.split(":", 1)[0])
    return rules


def rules_of(module: str) -> str:
    """List the rules that an edit of a module of bsnpp reruns, separated by spaces."""
    return " ".join(sorted(rules_by_module().get(f"bsnpp.{module}", ())))


def subclasses(kind: type[Settings]) -> set[type[Settings]]:
    """List all subclasses, direct and indirect."""
    direct = set(kind.__subclasses__())
    return direct.union(*map(subclasses, direct))


@cache
def settings_classes() -> dict[str, str]:
    """Map the full name of every settings class of bsnpp to its module, both without `bsnpp.`."""
    for module in pkgutil.walk_packages(bsnpp.__path__, "bsnpp."):
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:  # an optional library
            if error.name is None or error.name.startswith("bsnpp"):
                raise
    modules = {f"{kind.__module__}.{kind.__qualname__}": kind.__module__ for kind in subclasses(Settings)}
    return {
        name.removeprefix("bsnpp."): module.removeprefix("bsnpp.")
        for name, module in modules.items()
        if name.startswith("bsnpp.")
    }


def test_every_rule_is_named_like_its_script() -> None:
    """Otherwise the tables would have to name scripts."""
    for name, rules in rules_by_module().items():
        if name.startswith("scripts."):
            assert rules == {name.removeprefix("scripts.")}


def test_the_tables_are_complete() -> None:
    assert sorted(SETTINGS) == sorted(settings_classes())
    stores = {path.stem for path in (ROOT / "bsnpp/stores").glob("*.py")} - {"__init__"}
    assert sorted(STORES) == sorted(stores)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_new_default_reruns_exactly_the_rules_that_read_it(name: str) -> None:
    assert rules_of(settings_classes()[name]) == SETTINGS[name]


@pytest.mark.parametrize("name", STORES)
def test_an_edited_format_reruns_exactly_the_rules_that_use_it(name: str) -> None:
    assert rules_of(f"stores.{name}") == STORES[name]
