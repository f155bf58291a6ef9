"""The whole configuration: placeholders, short forms, contradictions between keys, the schema."""

import re
from copy import deepcopy
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bsnpp.challenge.load import load_challenge
from bsnpp.challenge.model import Challenge, configuration_schema
from bsnpp.core.errors import UserError
from bsnpp.core.settings import Settings, explain
from tests.challenge.plans import SMALL


def _sampled(
    training: dict[str, Any], architecture: str = "bsnpp", stage: str = "training"
) -> dict[str, Any]:
    """Return generators that do not sample proposals, with further keys of training."""
    section = {"resampling": {"method": "none"}, **training}
    return {"generators": {"bsnpp": {"model": {"architecture": architecture}, stage: section}}}


WINDOWS = {"windows": {"snippet_seconds": 0.5}, "groups": "persons.tsv"}


def faults_of(**changes: Any) -> list[str]:
    """Return the faults of a changed configuration, one per line."""
    with pytest.raises(UserError) as caught:
        load_challenge({**deepcopy(SMALL), **changes})
    return [line.strip() for line in str(caught.value).splitlines()[1:-1]]


def test_the_defaults_are_the_papers() -> None:
    challenge = Challenge.model_validate(SMALL)
    training = challenge.generators["bsnpp"].training
    assert [(stage.epochs, stage.learning_rate) for stage in training.stages] == [(7, 1e-3), (3, 1e-4)]
    assert (training.batch_size, training.confidence_weight, training.weight_decay) == (16, 10, 1e-4)
    assert training.resampling.scale_ratio == 0.15
    assert [regime.scale for regime in challenge.scales.regimes] == [30, 80, 100]
    assert (challenge.detection.score, challenge.detection.classes_per_video) == ("paper", 2)
    assert challenge.simulation is None and challenge.compute.device == "cpu"


def test_a_generator_needs_an_architecture() -> None:
    fault = "generators.bsnpp.model: the key 'architecture' is required"
    assert faults_of(generators={"bsnpp": {"model": {"architecure": "bsnpp"}}})[0] == fault


def test_placeholders_are_replaced_everywhere() -> None:
    challenge = Challenge.model_validate({**SMALL, "results": "out/{challenge}"})
    assert challenge.results == "out/mine"
    assert challenge.annotations.path == "out/mine/mine.json"
    assert challenge.encoders == "config/mine/encoders.tsv"
    assert Challenge.model_validate(SMALL).results == "results/mine"


def test_scales_by_duration_need_regimes_for_another_training_scale() -> None:
    variants = {"C": {"generators": {"bsnpp": "single"}, "panel": "outside", "scales": "by_duration"}}
    given = {"variants": variants, "submission": {"variant": "C"}}
    (fault,) = faults_of(**given, scales={"training": 32})
    assert "scales.regimes: required by C (scales: by_duration)" in fault and "of 100, not 32" in fault
    for scales in ({}, {"training": 32, "regimes": [{"scale": 32}]}):
        load_challenge({**SMALL, **given, "scales": scales})


def test_blends_and_panels_have_a_short_form() -> None:
    short = Challenge.model_validate(SMALL)
    long = {"single": {"members": ["one/scratch"], "weights": "best"}}
    assert short.blends["single"].members == ("one/scratch",) and short.blends["single"].weights is None
    assert short.panels["outside"].weights == "search"
    assert Challenge.model_validate({**SMALL, "blends": long}).blends["single"].weights == "best"


def test_all_unknown_names_are_reported_together() -> None:
    fault = "\n".join(
        faults_of(
            blends={"single": ["one", "one/two/scratch", "one/trained"]},
            variants={"baseline": {"generators": {"bmn": "double"}, "panel": "inside", "after": "before"}},
            submission={"variant": "D"},
        )
    )
    for words in (
        "variants.baseline.panel: unknown panel 'inside'; known: outside, ground_truth",
        "variants.baseline.generators: unknown generator 'bmn'; known: bsnpp",
        "variants.baseline.generators: unknown blend 'double'; known: single",
        "variants.baseline.after: unknown variant 'before'; known: baseline",
        "blends.single: 'one' must be encoder/initialisation",
        "blends.single: 'one/two/scratch' must be",
        "blends.single: 'one/trained' must be",
        "submission.variant: unknown variant 'D'; known: baseline",
    ):
        assert words in fault


@pytest.mark.parametrize("key", sorted(SMALL))
def test_a_key_without_default_is_required(key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Challenge.model_validate({name: value for name, value in SMALL.items() if name != key})
    assert f"{key}: this key is required" in explain(caught.value)


@pytest.mark.parametrize("scales", ["by_length", 1.5])
def test_an_invalid_scale_of_a_variant_is_refused(scales: object) -> None:
    variant = {"generators": {"bsnpp": "single"}, "panel": "outside", "scales": scales}
    assert all("variants.baseline.scales" in fault for fault in faults_of(variants={"baseline": variant}))


def test_an_unknown_architecture_is_refused() -> None:
    (fault,) = faults_of(generators={"bsnpp": {"model": {"architecture": "gtad"}}})
    assert "generators.bsnpp.model" in fault and "gtad" in fault


def settings_classes(kind: type[BaseModel]) -> list[type[BaseModel]]:
    return [kind, *(below for one in kind.__subclasses__() for below in settings_classes(one))]


def test_the_schema_has_every_key_and_refuses_others() -> None:
    schema = configuration_schema()
    assert set(schema["properties"]) == set(Challenge.model_fields)
    assert schema["additionalProperties"] is False
    assert all(entry.get("description") for entry in schema["properties"].values())
    for name, section in schema["$defs"].items():
        parts = section.get("anyOf", [section])
        assert parts[0]["additionalProperties"] is False, name


LIBRARY = [kind for kind in settings_classes(Settings) if kind.__module__.startswith("bsnpp.")]


@pytest.mark.parametrize("kind", LIBRARY, ids=lambda kind: kind.__name__)
def test_every_key_of_the_library_has_a_description(kind: type[BaseModel]) -> None:
    bare = [
        name
        for name, field in kind.model_fields.items()
        if not field.description
        and not (isinstance(field.annotation, type) and issubclass(field.annotation, Settings))
        and name != "architecture"
    ]
    assert not bare, "only a section may be described by its class"


@pytest.mark.parametrize("kind", LIBRARY, ids=lambda kind: kind.__name__)
def test_descriptions_are_phrases_with_a_capital_letter_and_no_full_stop(kind: type[BaseModel]) -> None:
    texts = [field.description for field in kind.model_fields.values() if field.description]
    start = re.compile(r"[A-Z`]|tIoU |mAP ")
    assert [text for text in texts if not start.match(text) or text.endswith(".")] == []


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
            "generators.bsnpp.training.resampling.method: none has no effect",
        ),
        (
            _sampled({"recipe": "small_data"}, stage="pretraining"),
            "generators.bsnpp.pretraining.resampling.method: none has no effect",
        ),
        (
            _sampled({}, architecture="bmn"),
            "generators.bsnpp.training.resampling.method: none has no effect",
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
