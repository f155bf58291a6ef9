"""Find contradictions between a configuration, its sample sheets and the disk."""

import os
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from bsnpp.challenge.names import unknown
from bsnpp.challenge.paths import path_fault
from bsnpp.challenge.plan import Plan
from bsnpp.core.duplicates import repeated
from bsnpp.encoding.inputs import EXTRA


def plan_faults(plan: Plan) -> list[str]:
    """List every contradiction, one message each: the key or sheet, the name, and what is wrong with it."""
    return [
        *_paths(plan),
        *_blends(plan),
        *_seeds(plan),
        *_classifiers(plan),
        *_panels(plan),
        *_recognition(plan),
        *_streams(plan),
        *_videos(plan),
        *_groups(plan),
        *_external(plan),
        *_results(plan),
    ]


def _paths(plan: Plan) -> list[str]:
    challenge = plan.challenge
    scores = [path for row in plan.classifiers for path in (row.validation, row.testing) if path is not None]
    external = [path for row in plan.external for path in (row.validation, row.testing)]
    given = [
        *((challenge.encoders, row.path) for row in plan.streams),
        *((challenge.classifiers, path) for path in scores),
        *((challenge.external_detections, path) for path in external),
    ]
    faults = ((sheet, path_fault(path)) for sheet, path in dict.fromkeys(given))
    return [f"{sheet}: {fault}" for sheet, fault in faults if fault]


def _blends(plan: Plan) -> list[str]:
    faults = []
    sheet = plan.challenge.encoders
    for name in plan.challenge.blends:
        for member in plan.members(name):
            if member.encoder not in plan.encoders:
                faults.append(f"blends.{name}: {_unknown_encoder(plan, member.encoder)}")
            elif member.pretrained and not plan.sources(member.encoder, "pretraining"):
                faults.append(f"blends.{name}: {member.encoder} has no pretraining row in {sheet}")
            elif member.pretrained and plan.challenge.pretraining is None:
                faults.append(f"blends.{name}: {member.name} needs the section `pretraining`")
    return faults


def _seeds(plan: Plan) -> list[str]:
    """Find members that differ in their names alone, such as scratch and scratch_seed2020 with seed 2020."""
    used = {pair for one in plan.challenge.variants.values() for pair in one.generators.items()}
    faults = []
    for generator, blend in sorted(used):
        names: dict[tuple[str, bool, int], str] = {}
        for member in plan.members(blend):
            key = (member.encoder, member.pretrained, plan.seed(generator, member))
            if key in names:
                faults.append(
                    f"blends.{blend}: {names[key]} and {member.name} are the same training of {generator} "
                    f"(seed {key[2]}); remove one"
                )
            names[key] = member.name
    return faults


def _classifiers(plan: Plan) -> list[str]:
    sheet = plan.challenge.classifiers
    names = [row.classifier for row in plan.classifiers]
    return [
        *_listed_twice(sheet, names),
        *(
            f"{sheet}: {row.classifier}: {_unknown_encoder(plan, row.encoder)}"
            for row in plan.classifiers
            if row.source in ("trained", "encoder")
            and row.encoder is not None
            and row.encoder not in plan.encoders
        ),
    ]


def _panels(plan: Plan) -> list[str]:
    faults = []
    sources = {row.classifier: row.source for row in plan.classifiers}
    snippets = plan.challenge.windows is not None
    for panel, section in plan.challenge.panels.items():
        for member in section.members:
            if member not in sources:
                message = unknown("classifier", member, sources)
                faults.append(f"panels.{panel}: {message} (in {plan.challenge.classifiers})")
            elif (sources[member] in ("snippets", "encoder")) != snippets:
                faults.append(
                    f"panels.{panel}: {member} scores {'videos' if snippets else 'snippets'}, but the "
                    f"challenge has {'the' if snippets else 'no'} section `windows`"
                )
    return faults


def _recognition(plan: Plan) -> list[str]:
    lists = [option.encoders for option in plan.challenge.recognition.alternatives]
    twice = dict.fromkeys(fault for names in lists for fault in _listed_twice("recognition.encoders", names))
    wanted = dict.fromkeys(name for names in lists for name in names)
    return [
        *twice,
        *(
            f"recognition.encoders: {_unknown_encoder(plan, name)}"
            for name in wanted
            if name not in plan.encoders
        ),
    ]


def _videos(plan: Plan) -> list[str]:
    """List what is wrong with the streams that are made from videos."""
    sheet, networks, windows = plan.challenge.encoders, plan.challenge.networks, plan.challenge.windows
    faults = []
    for row in plan.encoded:
        where = f"{sheet}: {row.encoder}, stream {row.name}"
        if row.network is None or row.network not in networks:
            faults.append(f"{where}: {unknown('network', str(row.network), networks)}")
            continue
        clips = networks[row.network].clips
        if windows is None:
            continue
        if clips.rate is None:
            faults.append(f"{where}: windows need the key networks.{row.network}.clips.rate")
        elif abs(clips.interval / clips.rate - windows.snippet_seconds) > 1e-6:
            faults.append(
                f"{where}: a snippet every {clips.interval / clips.rate:g} s, but windows.snippet_seconds is "
                f"{windows.snippet_seconds:g}"
            )
    if plan.encoded and find_spec("av") is None:
        faults.append(f"{sheet}: {EXTRA}")
    return faults


def _streams(plan: Plan) -> list[str]:
    sheet = plan.challenge.encoders
    rows = repeated((row.encoder, row.dataset, row.name) for row in plan.streams)
    faults = [
        f"{sheet}: stream {name} of {encoder} ({dataset}) is listed more than once; remove the duplicate"
        for encoder, dataset, name in rows
    ]
    for encoder in plan.encoders:
        own, others = (
            [source.channels for source in plan.sources(encoder, dataset)]
            for dataset in ("challenge", "pretraining")
        )
        if not own:
            faults.append(f"{sheet}: {encoder} has no row with the data set challenge")
        elif others and others != own:
            faults.append(f"{sheet}: channels of {encoder} differ between the data sets")
    return faults


def _groups(plan: Plan) -> list[str]:
    """Find convolution groups that do not divide the channels of an encoder."""
    channels = {
        encoder: sum(source.channels for source in plan.sources(encoder, "challenge"))
        for encoder in plan.encoders
    }
    return [
        f"generators.{name}.model.groups: the {count} channels of {encoder} are not divisible by "
        f"{section.model.groups}"
        for name, section in plan.challenge.generators.items()
        for encoder, count in channels.items()
        if count % section.model.groups
    ]


def _external(plan: Plan) -> list[str]:
    names = [row.name for row in plan.external]
    sheet = plan.challenge.external_detections
    where = "the key `external_detections` names no sheet" if sheet is None else f"in {sheet}"
    return [
        *_listed_twice(str(sheet), names),
        *(
            f"variants.{variant}.external: {unknown('external detections', name, names)} ({where})"
            for variant, section in plan.challenge.variants.items()
            for name in section.external
            if name not in names
        ),
    ]


def _results(plan: Plan) -> list[str]:
    results = Path(plan.challenge.results)
    existing = next(folder for folder in (results, *results.parents) if os.path.exists(folder))
    if existing.is_dir() and os.access(existing, os.W_OK):
        return []
    return [f"results: cannot write {results}; check {existing} and its permissions"]


def _unknown_encoder(plan: Plan, name: str) -> str:
    return f"{unknown('encoder', name, plan.encoders)} (in {plan.challenge.encoders})"


def _listed_twice(where: str, names: Iterable[str]) -> list[str]:
    return [f"{where}: {name} is listed more than once; remove the duplicate" for name in repeated(names)]
