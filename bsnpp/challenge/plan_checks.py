"""What a configuration and its sheets say of each other, and of the disk, that cannot be."""

import os
from pathlib import Path

from bsnpp.challenge.names import CLASSIFIERS, taken
from bsnpp.challenge.plan import Plan
from bsnpp.core.settings import repeated


def faults_of_plan(plan: Plan) -> list[str]:
    """Every fault, in one line: the key or the sheet, the name, and what is wrong with it."""
    return [
        *_of_blends(plan),
        *_of_classifiers(plan),
        *_of_panels(plan),
        *_of_recognition(plan),
        *_of_streams(plan),
        *_of_groups(plan),
        *_of_external(plan),
        *_of_results(plan),
    ]


def _of_blends(plan: Plan) -> list[str]:
    faults = []
    sheet = plan.challenge.encoders
    for name in plan.challenge.blends:
        for encoder, initialisation in plan.members(name):
            if encoder not in plan.encoders:
                faults.append(f"blends.{name}: no encoder {encoder} in {sheet}")
            elif initialisation == "pretrained" and not plan.sources(encoder, "pretraining"):
                faults.append(f"blends.{name}: {encoder} has no pretraining row in {sheet}")
            elif initialisation == "pretrained" and plan.challenge.pretraining is None:
                faults.append(f"blends.{name}: {encoder}/pretrained needs the section `pretraining`")
    return faults


def _of_classifiers(plan: Plan) -> list[str]:
    sheet = plan.challenge.classifiers
    names = [row.classifier for row in plan.classifiers]
    return [
        *(f"{sheet}: {name} stands in several rows" for name in repeated(names)),
        *taken(f"{sheet}: ", names, CLASSIFIERS),
        *(
            f"{sheet}: {row.classifier} is trained on the encoder {row.encoder}, which "
            f"{plan.challenge.encoders} does not have"
            for row in plan.classifiers
            if row.source == "trained" and row.encoder not in plan.encoders
        ),
    ]


def _of_panels(plan: Plan) -> list[str]:
    faults = []
    sources = {row.classifier: row.source for row in plan.classifiers}
    snippets = plan.challenge.windows is not None
    for panel, section in plan.challenge.panels.items():
        for member in section.members:
            if member not in sources:
                faults.append(f"panels.{panel}: no classifier {member} in {plan.challenge.classifiers}")
            elif (sources[member] == "snippets") != snippets:
                faults.append(
                    f"panels.{panel}: {member} scores {'videos' if snippets else 'snippets'}, but the "
                    f"challenge {'has' if snippets else 'has no'} windows"
                )
    return faults


def _of_recognition(plan: Plan) -> list[str]:
    lists = [option.encoders for option in plan.challenge.recognition.alternatives]
    twice = dict.fromkeys(name for names in lists for name in repeated(names))
    wanted = dict.fromkeys(name for names in lists for name in names)
    return [
        *(f"recognition.encoders: {name} stands in a list more than once; name each once" for name in twice),
        *(
            f"recognition.encoders: no encoder {name} in {plan.challenge.encoders}"
            for name in wanted
            if name not in plan.encoders
        ),
    ]


def _of_streams(plan: Plan) -> list[str]:
    sheet = plan.challenge.encoders
    named = repeated((row.encoder, row.dataset, row.name) for row in plan.streams)
    faults = [
        f"{sheet}: {encoder} has several {dataset} streams named {name}; name each once"
        for encoder, dataset, name in named
    ]
    for encoder in plan.encoders:
        own, others = (
            [source.channels for source in plan.sources(encoder, dataset)]
            for dataset in ("challenge", "pretraining")
        )
        if not own:
            faults.append(f"{sheet}: {encoder} has no row of the challenge's own features")
        elif others and others != own:
            faults.append(f"{sheet}: channels of {encoder} differ between the data sets")
    return faults


def _of_groups(plan: Plan) -> list[str]:
    """Groups of a convolution that do not divide the channels of some encoder."""
    channels = {
        encoder: sum(source.channels for source in plan.sources(encoder, "challenge"))
        for encoder in plan.encoders
    }
    return [
        f"generators.{name}.model.groups: {section.model.groups} groups do not divide the {count} channels "
        f"of {encoder}"
        for name, section in plan.challenge.generators.items()
        for encoder, count in channels.items()
        if count % section.model.groups
    ]


def _of_external(plan: Plan) -> list[str]:
    names = [row.name for row in plan.external]
    sheet = plan.challenge.external_detections or "external_detections (no sheet is named)"
    return [
        *(f"{sheet}: {name} stands in several rows" for name in repeated(names)),
        *(
            f"variants.{variant}.external: no {name} in {sheet}"
            for variant, section in plan.challenge.variants.items()
            for name in section.external
            if name not in names
        ),
    ]


def _of_results(plan: Plan) -> list[str]:
    results = Path(plan.challenge.results)
    existing = next(folder for folder in (results, *results.parents) if folder.exists())
    if existing.is_dir() and os.access(existing, os.W_OK):
        return []
    return [f"results: {results} cannot be written; check {existing} and its permissions"]
