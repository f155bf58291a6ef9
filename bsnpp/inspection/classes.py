"""Inspect the classes of the subsets, and the results of classifiers."""

import os
from collections import Counter
from typing import TYPE_CHECKING

from bsnpp.challenge.plan import Plan
from bsnpp.classification.outside_results import read_scores
from bsnpp.core.errors import UserError
from bsnpp.inspection.findings import Finding, if_any, refusal

if TYPE_CHECKING:
    import pandas as pd

ROUNDING = 1e-6
"""Logarithm up to which a probability is not above 1."""


def class_counts(instances: "pd.DataFrame", classes: list[str]) -> dict[str, int]:
    """Count the instances of every class, in canonical order."""
    counts = Counter(instances["label"])
    return {name: counts[name] for name in classes}


def absent_classes(counts: dict[str, dict[str, int]]) -> list[Finding]:
    """Report the classes without an instance in a subset, and class names that differ only in spelling."""
    findings = []
    for subset, numbers in counts.items():
        if not any(numbers.values()):
            continue  # a subset without annotations
        meant = (
            "a class without training instances cannot be learned"
            if subset == "training"
            else "a class without instances does not count in the scores of this subset"
        )
        findings += if_any(
            "warning", f"annotations, {subset}", f"classes without an instance: {{n}} of {len(numbers)}",
            f"{meant}; check the spelling of the labels and the split",
            (name for name, number in numbers.items() if not number),
        )  # fmt: skip
    spelt: dict[str, set[str]] = {}
    for name in {name for numbers in counts.values() for name in numbers}:
        spelt.setdefault("".join(filter(str.isalnum, name.lower())), set()).add(name)
    findings += if_any(
        "warning",
        "annotations",
        "classes with several spellings: {n}",
        "use one spelling, unless they are different classes",
        (" and ".join(sorted(names)) for _, names in sorted(spelt.items()) if len(names) > 1),
    )
    return findings


def duplicate_instances(subset: str, instances: "pd.DataFrame") -> list[Finding]:
    """Report instances that are listed more than once."""
    columns = ["video", "start", "end", "label"]
    repeated = instances[instances.duplicated(columns, keep=False)]
    times = Counter(repeated[columns].itertuples(index=False, name=None))
    return if_any(
        "warning",
        f"annotations, {subset}",
        "instances that are listed more than once: {n}",
        "the official evaluation counts each of them; remove them if they are mistakes",
        (
            f"{video}: {label!r} at {start:g} to {end:g} s, {number} times"
            for (video, start, end, label), number in times.items()
        ),
    )


def inspect_classifiers(plan: Plan, classes: list[str], videos: "dict[str, pd.DataFrame]") -> list[Finding]:
    """Read the score files of outside classifiers as the run does, and report what it would refuse.

    Parameters
    ----------
    plan : Plan
    classes : list of str
        Classes of the challenge.
    videos : dict of str to DataFrame[video]
        Videos of the subsets validation and testing.
    """
    findings = []
    for row in plan.classifiers:
        if row.source == "encoder" and row.encoder is not None:
            channels = sum(stream.channels for stream in plan.sources(row.encoder, "challenge"))
            if channels != len(classes) + 1:
                findings.append(
                    Finding(
                        "fault",
                        f"classifier {row.classifier}",
                        f"{row.encoder} has {channels} channels, but background and classes are "
                        f"{len(classes) + 1}",
                        "use an encoder whose channels are background and classes, in this order",
                    )
                )
        if row.source != "outside":
            continue
        for subset, path in (("validation", row.validation), ("testing", row.testing)):
            if path is None or subset not in videos or (plan.is_made(path) and not os.path.exists(path)):
                continue
            try:
                read = read_scores(path, classes, list(videos[subset]["video"]), row.scores)
            except UserError as error:
                findings.append(
                    refusal(
                        f"classifier {row.classifier}, {subset}",
                        error,
                        "correct the file, or the column `scores`; ids (with or without `v_`) and class "
                        "names must be those of the annotations",
                    )
                )
                continue
            if row.scores == "probabilities":  # their logarithms
                above = read.logits.max(axis=1) > ROUNDING
                findings += if_any(
                    "warning", f"classifier {row.classifier}, {subset}",
                    "videos with probabilities above 1: {n}",
                    "if these are logits, set the column `scores` to logits",
                    (video for video, large in zip(read.videos, above, strict=True) if large),
                )  # fmt: skip
    return findings
