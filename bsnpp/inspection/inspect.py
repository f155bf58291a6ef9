"""Inspect the data of a challenge before anything is trained."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from bsnpp.annotations.ground_truth import Annotations, check_scored, read_annotations
from bsnpp.annotations.settings import AnnotationSettings, Subset
from bsnpp.challenge.plan import Plan
from bsnpp.challenge.sheets import EncoderStream
from bsnpp.core.errors import UserError
from bsnpp.features.settings import StreamSource
from bsnpp.features.streams import open_source
from bsnpp.inspection.assumptions import assumptions, stream_assumptions
from bsnpp.inspection.classes import absent_classes, class_counts, duplicate_instances, inspect_classifiers
from bsnpp.inspection.external import inspect_external
from bsnpp.inspection.findings import Finding, if_any, refusal
from bsnpp.inspection.groups import inspect_groups
from bsnpp.inspection.instances import Vanishing, outside_instances
from bsnpp.inspection.lengths import compare_lengths
from bsnpp.inspection.scales import Tables, inspect_scales
from bsnpp.inspection.streams import Presence, inspect_stream
from bsnpp.inspection.videos import inspect_network, inspect_videos

if TYPE_CHECKING:
    import pandas as pd

SAMPLE = 100
"""Number of videos of each stream whose values are read, unless all are."""

Progress = Callable[[Sequence[str], str], Iterable[str]]


@dataclass
class Inspection:
    """What an inspection finds.

    Attributes
    ----------
    challenge : str
        Name of the challenge.
    subsets : dict
        Number of videos, instances and classes, and hours, by subset.
    streams : dict
        Inspections by `encoder/stream`, with ` (pretraining)` for the pre-training set.
    scales : list of Vanishing
    classes : dict
        Number of instances by subset and class.
    assumptions : list of str
        What was assumed, one line each.
    findings : list of Finding
    """

    challenge: str
    subsets: dict[str, dict[str, Any]] = field(default_factory=dict)
    streams: dict[str, Presence] = field(default_factory=dict)
    scales: list[Vanishing] = field(default_factory=list)
    classes: dict[str, dict[str, int]] = field(default_factory=dict)
    assumptions: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def faults(self) -> list[Finding]:
        """Findings that would stop the run."""
        return [finding for finding in self.findings if finding.level == "fault"]


def inspect_challenge(plan: Plan, progress: Progress, full: bool = False) -> Inspection:
    """Inspect annotations, features and classifiers of a challenge.

    Parameters
    ----------
    plan : Plan
    progress : callable
        Wraps loops over videos, for a progress bar; called with the videos and the name of the stream.
    full : bool
        Whether to read the values of all features, not only of a sample.
    """
    result = Inspection(plan.challenge.challenge, assumptions=assumptions(plan))
    tables = _read_tables(plan, result)
    for encoder in plan.encoders:
        for dataset in ("challenge", "pretraining"):
            rows = [row for row in plan.streams if (row.encoder, row.dataset) == (encoder, dataset)]
            streams = [row.source for row in rows if row.videos is None]
            wanted = {name: table for name, (table, _) in tables.items()
                      if (name == "pretraining") == (dataset == "pretraining")}  # fmt: skip
            if streams and wanted:
                _inspect_encoder(plan, result, encoder, streams, wanted, (progress, full))
            for row in rows:
                if row.videos is not None and wanted:
                    _inspect_encoded(result, row, wanted, (progress, full))
    for name in dict.fromkeys(row.network for row in plan.encoded if row.network is not None):
        result.findings += inspect_network(name, plan.challenge.networks[name].model)
    return result


def _inspect_encoded(
    result: Inspection,
    row: EncoderStream,
    tables: "dict[str, pd.DataFrame]",
    reading: tuple[Progress, bool],
) -> None:
    """Inspect the videos of a stream that a network encodes."""
    progress, full = reading
    suffix = " (pretraining)" if "pretraining" in tables else ""
    place = f"{row.encoder}/{row.name}{suffix}"
    report = inspect_videos(
        str(row.videos), place, _durations(tables), full, partial(_named, progress, place)
    )
    result.streams[place] = report
    result.findings += report.findings
    result.assumptions.append(
        f"{place}: made from {row.videos} by the network {row.network}; headers of {report.measured:,} of "
        f"{sum(map(len, report.entries.values())):,} videos were read"
    )


def _durations(tables: "dict[str, pd.DataFrame]") -> dict[str, dict[str, float]]:
    """Return the durations [s] of the videos of each subset."""
    return {name: dict(zip(table["video"], table["duration"], strict=True)) for name, table in tables.items()}


def _read_tables(plan: Plan, result: Inspection) -> Tables:
    """Read videos and instances of every subset, and report on classes, classifiers and scales."""
    tables: Tables = {}
    classes: list[str] = []
    given: list[tuple[AnnotationSettings, list[str]]] = [
        (plan.challenge.annotations, ["training", "validation", "testing"])
    ]
    if plan.challenge.pretraining is not None:
        given.append((plan.challenge.pretraining, ["pretraining"]))
    for settings, subsets in given:
        place = settings.source.name
        try:
            annotations = read_annotations(settings)
        except UserError as error:
            advice = "correct the annotations, or the section `annotations` or `pretraining`"
            result.findings.append(refusal(place, error, advice))
            continue
        notes = [*annotations.notes, *filter(None, [annotations.test_note])]
        result.findings += if_any("warning", place, "notes: {n}", "check that each is intended", notes)
        if settings is plan.challenge.annotations:
            classes = annotations.classes
        for subset in subsets:
            _read_subset(result, tables, annotations, subset)
        if settings is plan.challenge.annotations:
            result.findings += _unscored(settings, plan.challenge.scored_subsets)
    result.findings += absent_classes(
        {name: result.classes[name] for name in result.classes if name != "pretraining"}
    )
    videos = {name: table for name, (table, _) in tables.items()}
    if classes:
        result.findings += inspect_classifiers(plan, classes, videos)
        result.findings += inspect_external(plan, classes, videos)
    result.findings += inspect_groups(plan, videos)
    result.scales, findings = inspect_scales(plan, tables)
    result.findings += findings
    return tables


def _read_subset(result: Inspection, tables: Tables, annotations: Annotations, subset: str) -> None:
    name: Subset = "training" if subset == "pretraining" else subset  # type: ignore[assignment]
    try:
        videos, instances = annotations.subset(name)
    except UserError as error:
        result.findings.append(Finding("fault", f"annotations, {subset}", str(error), "correct `subsets`"))
        return
    tables[subset] = videos, instances
    result.classes[subset] = class_counts(instances, annotations.classes)
    result.subsets[subset] = {
        "videos": len(videos),
        "hours": round(float(videos["duration"].sum()) / 3600, 2),
        "instances": len(instances),
        "classes": sum(number > 0 for number in result.classes[subset].values()),
    }
    result.findings += duplicate_instances(subset, instances)
    result.findings += outside_instances(subset, videos, instances)


def _unscored(settings: AnnotationSettings, subsets: Iterable[Subset]) -> Iterable[Finding]:
    """Report the subsets to score that have no annotations."""
    for subset in subsets:
        try:
            check_scored(settings, subset)
        except UserError as error:
            yield refusal(f"annotations, {subset}", error, "remove the subset from `scored_subsets`")


def _inspect_encoder(
    plan: Plan,
    result: Inspection,
    encoder: str,
    streams: list[StreamSource],
    tables: "dict[str, pd.DataFrame]",
    reading: tuple[Progress, bool],
) -> None:
    """Inspect the streams of an encoder, and compare their lengths."""
    progress, full = reading
    renormalised = plan.challenge.fusion.missing == "renormalise"
    imported = {subset for name, subset in plan.imports if name == encoder}
    optional = {name for name in tables if name not in imported} | (
        {"validation", "testing"} if renormalised else set()
    )
    subsets = _durations(tables)
    suffix = " (pretraining)" if "pretraining" in tables else ""
    inspected = []
    for stream in streams:
        place = f"{encoder}/{stream.name}{suffix}"
        try:
            report = inspect_stream(
                open_source(stream), place, subsets, optional, None if full else SAMPLE,
                partial(_named, progress, place),
            )  # fmt: skip
        except UserError as error:
            result.findings.append(
                Finding("fault", place, str(error), "correct its row in the sheet of encoders")
            )
            continue
        result.streams[place] = report
        result.findings += report.findings
        result.assumptions += stream_assumptions(report)
        inspected.append(report)
    result.findings += compare_lengths(plan, f"{encoder}{suffix}", inspected, tables)


def _named(progress: Progress, place: str, videos: Sequence[str]) -> Iterable[str]:
    return progress(videos, place)
