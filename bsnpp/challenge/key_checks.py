"""Find contradictions between configuration keys."""

from collections.abc import Iterable

from bsnpp.challenge.members import FORMAT, Member
from bsnpp.challenge.model import Challenge
from bsnpp.challenge.names import GROUND_TRUTH, PANELS, reserved, unknown
from bsnpp.challenge.paths import path_fault
from bsnpp.challenge.variants import Variant
from bsnpp.core.duplicates import repeated
from bsnpp.detection.suppression.settings import NMS_PRESETS
from bsnpp.features.scales import ScaleSettings
from bsnpp.models.loss_settings import ResamplingSettings


def key_faults(challenge: Challenge) -> list[str]:
    """List every contradiction between keys, one message each: the key, its value, and what to do."""
    return [
        *_paths(challenge),
        *_recordings(challenge),
        *_evaluation(challenge),
        *_scales(challenge),
        *_recogniser(challenge),
        *_sampling(challenge),
        *(fault for name in challenge.variants for fault in _variant(challenge, name)),
        *_blends(challenge),
        *_choices(challenge),
        *_names(challenge),
    ]


def _paths(challenge: Challenge) -> list[str]:
    annotations, pretraining = challenge.annotations, challenge.pretraining
    paths: dict[str, Iterable[str | None]] = {
        "results": [challenge.results],
        "archive": [challenge.archive],
        "annotations": annotations.files,
        "pretraining": pretraining.files if pretraining else (),
        "encoders": [challenge.encoders],
        "classifiers": [challenge.classifiers],
        "external_detections": [challenge.external_detections],
        "groups": [challenge.groups],
    }
    faults = ((key, path_fault(path)) for key, given in paths.items() for path in given if path is not None)
    return [f"{key}: {fault}" for key, fault in faults if fault]


def _recordings(challenge: Challenge) -> list[str]:
    faults = []
    windows = challenge.windows
    of_snippets = [name for name, variant in challenge.variants.items() if variant.source == "runs"]
    if windows is None and of_snippets:
        faults.append(f"variants: {', '.join(of_snippets)}: their source needs the section `windows`")
    if challenge.archive is not None and challenge.hapt is None and challenge.salads is None:
        faults.append("archive: only the sections `hapt` and `salads` read it, and there is none of them")
    if challenge.salads is not None and challenge.archive is None:
        faults.append("salads: set `archive` to the folder of the repository")
    if challenge.salads is not None and challenge.hapt is not None:
        faults.append("salads, hapt: a challenge prepares one data set; remove one section")
    if windows is not None and challenge.fusion.missing == "renormalise":
        faults.append("fusion.missing: renormalise works on whole videos, not on `windows`")
    if windows is not None and challenge.weight_search.metric == "average_map":
        faults.append("weight_search.metric: average_map works on whole videos, not on `windows`")
    if windows is not None and challenge.scales.further_training:
        faults.append("scales.further_training: works on whole videos, not on `windows`")
    if windows is not None and windows.cells != challenge.scales.training:
        faults.append(
            f"windows.cells: {windows.cells} differs from scales.training ({challenge.scales.training})"
        )
    return faults


def _evaluation(challenge: Challenge) -> list[str]:
    proposing = any(variant.generators for variant in challenge.variants.values())
    if challenge.weight_search.metric == "average_map" and not proposing:
        return ["weight_search.metric: average_map needs a variant with `generators`"]
    if challenge.fusion.metric == "ar_100" and challenge.evaluation.proposals_per_video < 100:
        return ["fusion.metric: ar_100 needs evaluation.proposals_per_video of at least 100"]
    return []


def _scales(challenge: Challenge) -> list[str]:
    scales, usual = challenge.scales, ScaleSettings().training
    by_duration = [name for name, variant in challenge.variants.items() if variant.scales == "by_duration"]
    if not by_duration or "regimes" in scales.model_fields_set or scales.training == usual:
        return []
    return [
        f"scales.regimes: required by {', '.join(by_duration)} (scales: by_duration); the default is "
        f"for scales.training of {usual}, not {scales.training}"
    ]


def _variant(challenge: Challenge, name: str) -> list[str]:
    variant, variants = challenge.variants[name], challenge.variants
    faults = _unknown_names(challenge, name, variant)
    if variant.after == name:
        faults.append(f"variants.{name}.after: a variant cannot be compared with itself")
    origin = variant.recognises
    if origin in variants and variants[origin].source == "recogniser":
        faults.append(f"variants.{name}.recognises: {origin} is already labelled by the recogniser")
    return faults


def _recogniser(challenge: Challenge) -> list[str]:
    """Find keys of the recogniser that need snippets, where videos are whole."""
    recognition = challenge.recognition
    sources = {variant.source for variant in challenge.variants.values()}
    if challenge.windows is not None or "recogniser" not in sources:
        return []
    faults = []
    if recognition.sequence is not None:
        faults.append("recognition.sequence: a model of snippet classes needs the section `windows`")
    if recognition.candidates.panel_weight:
        faults.append(
            "recognition.candidates.panel_weight: panels of whole videos have no classes of the training "
            "videos to compare weights on; set recognition.panel_weight"
        )
    if challenge.fusion.missing == "renormalise":
        faults.append("fusion.missing: the recogniser needs the features of every video; set it to `error`")
    return faults


def _sampling(challenge: Challenge) -> list[str]:
    """Find keys of the sampling of proposals that a generator's confidence losses do not read."""
    usual = ResamplingSettings()
    return [
        f"generators.{name}.{stage}.resampling.{key}: `{getattr(training.resampling, key)}` has no effect: "
        "only BSN++ with `confidence_loss: paper` reads it; remove the key"
        for name, section in challenge.generators.items()
        for stage, training in (("training", section.training), ("pretraining", section.pretraining))
        if not section.resamples(training)
        for key in ("method", "scale_ratio", "regions")
        if getattr(training.resampling, key) != getattr(usual, key)
    ]


def _unknown_names(challenge: Challenge, name: str, variant: Variant) -> list[str]:
    """List the generators, blends, panels and variants that a variant names and that do not exist."""
    named: list[tuple[str, str, str | None, Iterable[str]]] = [
        *(("generators", "generator", one, challenge.generators) for one in variant.generators),
        *(("generators", "blend", one, challenge.blends) for one in variant.generators.values()),
        ("panel", "panel", variant.panel, [*challenge.panels, GROUND_TRUTH]),
        ("recognises", "variant", variant.recognises, challenge.variants),
        ("after", "variant", variant.after, challenge.variants),
    ]
    return [
        f"variants.{name}.{key}: {unknown(kind, value, known)}"
        for key, kind, value, known in named
        if value is not None and value not in known
    ]


def _blends(challenge: Challenge) -> list[str]:
    return [
        f"blends.{name}: {member!r} must be {FORMAT}"
        for name, blend in challenge.blends.items()
        for member in blend.members
        if Member.parse(member) is None
    ]


def _choices(challenge: Challenge) -> list[str]:
    """Check the names that sections other than `variants` choose."""
    faults = []
    panel, submitted = challenge.recognition.panel, challenge.submission.variant
    components = challenge.components
    if panel not in (None, *challenge.panels):
        faults.append(f"recognition.panel: {unknown('panel', str(panel), challenge.panels)}")
    if submitted not in challenge.compared:
        faults.append(f"submission.variant: {unknown('variant', submitted, challenge.compared)}")
    elif challenge.variants[submitted].panel == GROUND_TRUTH:
        faults.append(f"submission.variant: {submitted} uses the ground truth and cannot be submitted")
    if components and components.generator not in challenge.generators:
        faults.append(
            f"components.generator: {unknown('generator', components.generator, challenge.generators)}"
        )
    return faults


def _names(challenge: Challenge) -> list[str]:
    suppressions = dict.fromkeys(NMS_PRESETS, "it is a published suppression, which is always tried")
    suppressions["configured"] = "it is the suppression of `detection.nms`"
    simulation = challenge.simulation
    simulated = {
        "encoders": [encoder.name for encoder in simulation.encoders] if simulation else [],
        "classifiers": [classifier.name for classifier in simulation.classifiers] if simulation else [],
    }
    return [
        *reserved("panels.", challenge.panels, PANELS),
        *reserved("sweep.nms.", challenge.sweep.nms, suppressions),
        *(
            f"simulation.{key}: {name} is listed more than once; remove the duplicate"
            for key, names in simulated.items()
            for name in repeated(names)
        ),
    ]
