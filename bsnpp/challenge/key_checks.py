"""What the keys of a configuration say of each other that cannot be."""

from collections.abc import Iterable

from bsnpp.challenge.model import Challenge
from bsnpp.challenge.names import GROUND_TRUTH, PANELS, taken
from bsnpp.challenge.variants import INITIALISATIONS, Variant
from bsnpp.core.settings import repeated
from bsnpp.detection.settings import NMS_PRESETS
from bsnpp.features.scales import ScaleSettings


def faults_of_keys(challenge: Challenge) -> list[str]:
    """Every fault, in one line: the key, its value, and what is known or to be done."""
    return [
        *_of_recordings(challenge),
        *_of_evaluation(challenge),
        *_of_scales(challenge),
        *(
            fault
            for name, variant in challenge.variants.items()
            for fault in _of_variant(challenge, name, variant)
        ),
        *_of_blends(challenge),
        *_of_chosen(challenge),
        *_of_names(challenge),
    ]


def _of_recordings(challenge: Challenge) -> list[str]:
    faults = []
    windows = challenge.windows
    lines = [name for name, line in challenge.variants.items() if line.recognises or line.control]
    if windows is None and lines:
        faults.append(f"variants {lines} recognise snippets, which needs the section `windows`")
    if challenge.archive is not None and challenge.hapt is None:
        faults.append("`archive` is read by the section `hapt`, which is not there")
    if windows is not None and challenge.fusion.missing == "renormalise":
        faults.append("fusion.missing renormalise is for whole videos, not for windows")
    if windows is not None and challenge.weight_search.metric == "average_map":
        faults.append("weight_search.metric average_map is for whole videos, not for windows")
    if windows is not None and windows.cells != challenge.scales.training:
        faults.append(f"windows.cells is {windows.cells}, but scales.training is {challenge.scales.training}")
    return faults


def _of_evaluation(challenge: Challenge) -> list[str]:
    if challenge.fusion.metric == "ar_100" and challenge.evaluation.proposals_per_video < 100:
        return ["fusion.metric ar_100 needs evaluation.proposals_per_video of at least 100"]
    return []


def _of_scales(challenge: Challenge) -> list[str]:
    scales, usual = challenge.scales, ScaleSettings().training
    by_duration = [name for name, line in challenge.variants.items() if line.scales == "by_duration"]
    if not by_duration or "regimes" in scales.model_fields_set or scales.training == usual:
        return []
    return [
        f"scales.regimes: {by_duration} take their scale by duration, and the built-in rule is for a "
        f"training scale of {usual}; give one for {scales.training}"
    ]


def _of_variant(challenge: Challenge, name: str, variant: Variant) -> list[str]:
    faults = []
    wanted: list[tuple[str, str | None, Iterable[str]]] = [
        *(("generators", generator, challenge.generators) for generator in variant.generators),
        *(("generators", blend, challenge.blends) for blend in variant.generators.values()),
        ("panel", variant.panel, [*challenge.panels, GROUND_TRUTH]),
        ("recognises", variant.recognises, challenge.variants),
        ("after", variant.after, challenge.variants),
    ]
    if variant.after == name:
        faults.append(f"variants.{name}.after: a variant is no step from itself")
    origin = variant.recognises
    if origin in challenge.variants and challenge.variants[origin].source == "recogniser":
        faults.append(f"variants.{name}.recognises: the recogniser labels {origin} already")
    return faults + [
        f"variants.{name}.{key}: {value} is none of {list(known)}"
        for key, value, known in wanted
        if value is not None and value not in known
    ]


def _of_blends(challenge: Challenge) -> list[str]:
    return [
        f"blends.{name}: {member} is not encoder/initialisation, with one of {INITIALISATIONS}"
        for name, blend in challenge.blends.items()
        for member in blend.members
        if member.count("/") != 1 or member.split("/")[1] not in INITIALISATIONS
    ]


def _of_chosen(challenge: Challenge) -> list[str]:
    faults = []
    panel, submitted = challenge.recognition.panel, challenge.submission.variant
    components = challenge.components
    if panel not in (None, *challenge.panels):
        faults.append(f"recognition.panel: {panel} is none of {list(challenge.panels)}")
    if submitted not in challenge.compared:
        faults.append(f"submission.variant: {submitted} is none of {list(challenge.compared)}")
    elif challenge.variants[submitted].panel == GROUND_TRUTH:
        faults.append(f"submission.variant: {submitted} knows the ground truth")
    if components and components.generator not in challenge.generators:
        known = f"is none of {list(challenge.generators)}"
        faults.append(f"components.generator: {components.generator} {known}")
    return faults


def _of_names(challenge: Challenge) -> list[str]:
    suppressions = dict.fromkeys(NMS_PRESETS, "it is a published suppression, which is tried anyway")
    suppressions["configured"] = "it stands for the suppression in use"
    made = challenge.simulation
    simulated = {
        "encoders": [one.name for one in made.encoders] if made else [],
        "classifiers": [one.name for one in made.classifiers] if made else [],
    }
    return [
        *taken("panels.", challenge.panels, PANELS),
        *taken("variants.", challenge.variants, {}),
        *taken("sweep.nms.", challenge.sweep.nms, suppressions),
        *(
            f"simulation.{key}: {name} stands there more than once; name each once"
            for key, names in simulated.items()
            for name in repeated(names)
        ),
    ]
