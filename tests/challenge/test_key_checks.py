"""Contradictions between keys of a configuration."""

from typing import Any

import pytest

from bsnpp.challenge.model import Challenge
from tests.challenge.plans import SMALL, faults_of

WINDOWS = {"windows": {"snippet_seconds": 0.5}, "groups": "persons.tsv"}


def _sampled(
    training: dict[str, Any], architecture: str = "bsnpp", stage: str = "training"
) -> dict[str, Any]:
    """Return generators that do not sample proposals, with further keys of training."""
    section = {"resampling": {"method": "none"}, **training}
    return {"generators": {"bsnpp": {"model": {"architecture": architecture}, stage: section}}}


def _recognised(**recognition: Any) -> dict[str, Any]:
    """Return a variant of whole videos that is recognised, and the settings of its recogniser."""
    variants = {**SMALL["variants"], "again": {"recognises": "baseline"}}
    return {"variants": variants, "recognition": recognition}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scored_subsets": []}, "scored_subsets"),
        ({"archive": "data.zip"}, "archive: only the sections `hapt` and `salads` read it"),
        ({"salads": {}}, "salads: set `archive` to the folder of the repository"),
        ({"salads": {}, "hapt": {}, "archive": "data"}, "a challenge prepares one data set"),
        (
            {"variants": {"baseline": {**SMALL["variants"]["baseline"], "scales": 2}}},
            "greater than or equal to 4",
        ),
        (
            {"variants": {"baseline": {**SMALL["variants"]["baseline"], "after": "baseline"}}},
            "cannot be compared with itself",
        ),
        (
            {"fusion": {"metric": "ar_100"}, "evaluation": {"proposals_per_video": 50}},
            "proposals_per_video of at least 100",
        ),
        (
            {**WINDOWS, "fusion": {"missing": "renormalise"}},
            "renormalise works on whole videos",
        ),
        (
            {**WINDOWS, "weight_search": {"metric": "average_map"}},
            "average_map works on whole videos",
        ),
        (
            _sampled({"confidence_loss": "bands"}),
            "generators.bsnpp.training.resampling.method: `none` has no effect",
        ),
        (
            _sampled({"recipe": "small_data"}, stage="pretraining"),
            "generators.bsnpp.pretraining.resampling.method: `none` has no effect",
        ),
        (
            _sampled({"recipe": "small_data", "resampling": {"regions": [0.5]}}),
            "generators.bsnpp.training.resampling.regions: `(0.5,)` has no effect",
        ),
        (
            _sampled({}, architecture="bmn"),
            "generators.bsnpp.training.resampling.method: `none` has no effect",
        ),
        (
            {"variants": {"baseline": {"control": "dense"}}, "weight_search": {"metric": "average_map"}},
            "average_map needs a variant with `generators`",
        ),
        (_recognised(sequence={}, panel="outside"), "recognition.sequence: a model of snippet classes"),
        (
            _recognised(candidates={"panel_weight": [0.5]}, panel="outside"),
            "recognition.candidates.panel_weight: panels of whole videos",
        ),
        (
            {**_recognised(), "fusion": {"missing": "renormalise"}},
            "fusion.missing: the recogniser needs the features of every video",
        ),
        ({**WINDOWS, "scales": {"further_training": [30]}}, "further_training: works on whole videos"),
        ({"variants": {"baseline": {"control": "runs", "panel": "outside"}}}, "needs the section `windows`"),
        ({"variants": {"baseline": {"panel": "outside"}}}, "exactly one of: generators, recognises, control"),
        ({"variants": {"baseline": {"generators": {"bsnpp": "single"}}}}, "needs a panel"),
    ],
)
def test_contradictions_between_keys_are_refused(changes: dict[str, Any], message: str) -> None:
    assert any(message in fault for fault in faults_of(**changes))


def test_faults_of_different_sections_are_reported_together() -> None:
    fault = "\n".join(
        faults_of(
            archive="data.zip",
            variants={"baseline": {"control": "runs", "panel": "outside"}},
            submission={"variant": "D"},
            sweep={"nms": {"hard": {}}},
        )
    )
    for words in ("archive: only", "the section `windows`", "submission.variant: unknown", "sweep.nms.hard"):
        assert words in fault


def test_the_panel_of_the_ground_truth_cannot_be_submitted() -> None:
    upper = {**SMALL["variants"]["baseline"], "panel": "ground_truth"}
    variants = {**SMALL["variants"], "upper": upper}
    assert Challenge.model_validate({**SMALL, "variants": variants}).variants["upper"].panel == "ground_truth"
    (fault,) = faults_of(variants=variants, submission={"variant": "upper"})
    assert "submission.variant: upper uses the ground truth" in fault
    (fault,) = faults_of(panels={"outside": ["cuhk"], "ground_truth": ["cuhk"]})
    assert "panels.ground_truth: this name is reserved: it is the panel of the annotated" in fault


def test_reserved_names_are_reported_together() -> None:
    row = SMALL["variants"]["baseline"]
    twins = [{"name": "same", "container": "npy", "blur": 1, "gain": 1}] * 2
    fault = "\n".join(
        faults_of(
            panels={name: ["cuhk"] for name in ("outside", "ground_truth")},
            variants={"baseline": row, "None": row},
            sweep={"nms": {"bsn": "bsn", "configured": {}, "mine": {}}},
            simulation={"encoders": twins},
        )
    )
    for name in (
        "panels.ground_truth",
        "sweep.nms.bsn",
        "sweep.nms.configured",
    ):
        assert f"{name}: this name is reserved: " in fault
    assert "simulation.encoders: same is listed more than once" in fault
    assert "mine" not in fault and "None" not in fault
    assert fault.count("; choose another") == 3


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("blends.single.members", {"blends": {"single": ["one/scratch", "one/scratch"]}}),
        ("panels.outside.members", {"panels": {"outside": ["cuhk", "own", "cuhk"]}}),
        (
            "variants.baseline.external",
            {"variants": {"baseline": {**SMALL["variants"]["baseline"], "external": ["theirs", "theirs"]}}},
        ),
        ("scored_subsets", {"scored_subsets": ["testing", "testing"]}),
    ],
)
def test_duplicates_in_lists_are_refused(key: str, changes: dict[str, Any]) -> None:
    (fault,) = faults_of(**changes)
    assert fault.startswith(f"{key}: ") and "more than once" in fault


def test_a_recognised_variant_cannot_be_recognised_again() -> None:
    lines = {name: {"recognises": origin} for name, origin in (("once", "baseline"), ("circle", "circle"))}
    lines = {**SMALL["variants"], **lines, "twice": {"recognises": "once"}}
    fault = "\n".join(faults_of(variants=lines, **WINDOWS, scales={"training": 64}))
    for words in ("variants.twice.recognises: once is already labelled", "variants.circle.recognises"):
        assert words in fault
    assert "variants.once" not in fault


def test_external_detections_need_generators() -> None:
    (fault,) = faults_of(
        variants={"baseline": {"control": "runs", "panel": "outside", "external": ["theirs"]}}
    )
    assert "`external` needs `generators`" in fault
