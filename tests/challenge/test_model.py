"""The configuration as a whole: words in braces, short forms, names that must exist, the schema."""

from copy import deepcopy
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bsnpp.challenge.load import load_challenge
from bsnpp.challenge.model import Challenge, configuration_schema
from bsnpp.core.errors import UserError
from bsnpp.core.settings import Settings, explain

SMALL: dict[str, Any] = {
    "challenge": "mine",
    "annotations": {"layout": "activitynet", "path": "{results}/{challenge}.json"},
    "encoders": "config/{challenge}/encoders.tsv",
    "classifiers": "classifiers.tsv",
    "generators": {"bsnpp": {"model": {"architecture": "bsnpp"}}},
    "blends": {"single": ["one/scratch"]},
    "panels": {"outside": ["cuhk"]},
    "variants": {"baseline": {"generators": {"bsnpp": "single"}, "panel": "outside"}},
    "submission": {"variant": "baseline"},
}


WINDOWS = {"windows": {"snippet_seconds": 0.5}, "groups": "persons.tsv"}


def faults_of(**changes: Any) -> list[str]:
    """The lines of the error that a changed configuration raises."""
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


def test_a_generator_without_its_kind_is_told_the_key() -> None:
    fault = "generators.bsnpp.model: the key 'architecture' is required"
    assert faults_of(generators={"bsnpp": {"model": {"architecure": "bsnpp"}}})[0] == fault


def test_words_in_braces_are_replaced_everywhere() -> None:
    challenge = Challenge.model_validate({**SMALL, "results": "out/{challenge}"})
    assert challenge.results == "out/mine"
    assert challenge.annotations.path == "out/mine/mine.json"
    assert challenge.encoders == "config/mine/encoders.tsv"
    assert Challenge.model_validate(SMALL).results == "results/mine"


def test_another_training_scale_needs_a_rule_of_scales_of_its_own() -> None:
    variants = {"C": {"generators": {"bsnpp": "single"}, "panel": "outside", "scales": "by_duration"}}
    given = {"variants": variants, "submission": {"variant": "C"}}
    (fault,) = faults_of(**given, scales={"training": 32})
    assert "scales.regimes: ['C'] take their scale by duration" in fault and "give one for 32" in fault
    for scales in ({}, {"training": 32, "regimes": [{"scale": 32}]}):
        load_challenge({**SMALL, **given, "scales": scales})


def test_blends_and_panels_have_a_short_form() -> None:
    short = Challenge.model_validate(SMALL)
    long = {"single": {"members": ["one/scratch"], "weights": "best"}}
    assert short.blends["single"].members == ("one/scratch",) and short.blends["single"].weights is None
    assert short.panels["outside"].weights == "search"
    assert Challenge.model_validate({**SMALL, "blends": long}).blends["single"].weights == "best"


def test_every_name_that_stands_nowhere_is_told_at_once() -> None:
    fault = "\n".join(
        faults_of(
            blends={"single": ["one", "one/two/scratch", "one/trained"]},
            variants={"baseline": {"generators": {"bmn": "double"}, "panel": "inside", "after": "before"}},
            submission={"variant": "D"},
        )
    )
    for words in (
        "variants.baseline.panel: inside is none of ['outside', 'ground_truth']",
        "variants.baseline.generators: bmn is none of ['bsnpp']",
        "variants.baseline.generators: double is none of ['single']",
        "variants.baseline.after: before is none of ['baseline']",
        "blends.single: one is not encoder/initialisation",
        "blends.single: one/two/scratch is not",
        "blends.single: one/trained is not",
        "submission.variant: D is none of ['baseline']",
    ):
        assert words in fault


@pytest.mark.parametrize("key", sorted(SMALL))
def test_a_key_without_default_is_required(key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Challenge.model_validate({name: value for name, value in SMALL.items() if name != key})
    assert f"{key}: this key is required" in explain(caught.value)


@pytest.mark.parametrize("scales", ["by_length", 1.5])
def test_the_scales_of_a_variant(scales: object) -> None:
    variant = {"generators": {"bsnpp": "single"}, "panel": "outside", "scales": scales}
    assert all("variants.baseline.scales" in fault for fault in faults_of(variants={"baseline": variant}))


def test_a_section_of_an_unknown_architecture_is_told() -> None:
    (fault,) = faults_of(generators={"bsnpp": {"model": {"architecture": "gtad"}}})
    assert "generators.bsnpp.model" in fault and "gtad" in fault


def settings_classes(kind: type[BaseModel]) -> list[type[BaseModel]]:
    return [kind, *(below for one in kind.__subclasses__() for below in settings_classes(one))]


def test_the_schema_knows_every_key_and_refuses_others() -> None:
    schema = configuration_schema()
    assert set(schema["properties"]) == set(Challenge.model_fields)
    assert schema["additionalProperties"] is False
    assert all(entry.get("description") for entry in schema["properties"].values())
    for name, section in schema["$defs"].items():
        parts = section.get("anyOf", [section])
        assert parts[0]["additionalProperties"] is False, name


LIBRARY = [kind for kind in settings_classes(Settings) if kind.__module__.startswith("bsnpp.")]


@pytest.mark.parametrize("kind", LIBRARY, ids=lambda kind: kind.__name__)
def test_every_key_of_the_library_is_described(kind: type[BaseModel]) -> None:
    bare = [
        name
        for name, field in kind.model_fields.items()
        if not field.description
        and not (isinstance(field.annotation, type) and issubclass(field.annotation, Settings))
        and name != "architecture"
    ]
    assert not bare, "a section may be told by its class, a key may not"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scored_subsets": []}, "scored_subsets"),
        ({"archive": "data.zip"}, "`archive` is read by the section `hapt`"),
        (
            {"variants": {"baseline": {**SMALL["variants"]["baseline"], "scales": 2}}},
            "greater than or equal to 4",
        ),
        (
            {"variants": {"baseline": {**SMALL["variants"]["baseline"], "after": "baseline"}}},
            "no step from itself",
        ),
        (
            {"fusion": {"metric": "ar_100"}, "evaluation": {"proposals_per_video": 50}},
            "proposals_per_video of at least 100",
        ),
        (
            {**WINDOWS, "fusion": {"missing": "renormalise"}},
            "renormalise is for whole videos",
        ),
        (
            {**WINDOWS, "weight_search": {"metric": "average_map"}},
            "average_map is for whole videos",
        ),
        ({"variants": {"baseline": {"control": "runs", "panel": "outside"}}}, "needs the section `windows`"),
        ({"variants": {"baseline": {"panel": "outside"}}}, "one of: generators, recognises, control"),
        ({"variants": {"baseline": {"generators": {"bsnpp": "single"}}}}, "has a panel"),
    ],
)
def test_values_that_cannot_work_are_told_before_any_work(changes: dict[str, Any], message: str) -> None:
    assert any(message in fault for fault in faults_of(**changes))


def test_faults_of_different_sections_are_told_together() -> None:
    fault = "\n".join(
        faults_of(
            archive="data.zip",
            variants={"baseline": {"control": "runs", "panel": "outside"}},
            submission={"variant": "D"},
            sweep={"nms": {"hard": {}}},
        )
    )
    for words in ("`archive` is read by", "the section `windows`", "submission.variant: D", "sweep.nms.hard"):
        assert words in fault


def test_the_ground_truth_is_a_panel_that_is_not_submitted() -> None:
    upper = {**SMALL["variants"]["baseline"], "panel": "ground_truth"}
    variants = {**SMALL["variants"], "upper": upper}
    assert Challenge.model_validate({**SMALL, "variants": variants}).variants["upper"].panel == "ground_truth"
    (fault,) = faults_of(variants=variants, submission={"variant": "upper"})
    assert "submission.variant: upper knows the ground truth" in fault
    (fault,) = faults_of(panels={"outside": ["cuhk"], "ground_truth": ["cuhk"]})
    assert "panels.ground_truth: this name cannot be given, since it is the panel of the annotated" in fault


def test_names_that_tables_or_presets_have_are_told_together() -> None:
    row = SMALL["variants"]["baseline"]
    twins = [{"name": "same", "container": "npy", "blur": 1, "gain": 1}] * 2
    fault = "\n".join(
        faults_of(
            panels={name: ["cuhk"] for name in ("outside", "null")},
            variants={"baseline": row, "None": row},
            sweep={"nms": {"bsn": "bsn", "configured": {}, "mine": {}}},
            simulation={"encoders": twins},
        )
    )
    for name in (
        "panels.null",
        "variants.None",
        "sweep.nms.bsn",
        "sweep.nms.configured",
    ):
        assert f"{name}: this name cannot be given, since " in fault
    assert "simulation.encoders: same stands there more than once" in fault and "mine" not in fault
    assert fault.count("; choose another") == 4


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
def test_what_is_listed_twice_is_told(key: str, changes: dict[str, Any]) -> None:
    (fault,) = faults_of(**changes)
    assert fault.startswith(f"{key}: ") and "stands there more than once; name each once" in fault


def test_what_the_recogniser_labels_is_not_recognised_anew() -> None:
    lines = {name: {"recognises": origin} for name, origin in (("once", "baseline"), ("circle", "circle"))}
    lines = {**SMALL["variants"], **lines, "twice": {"recognises": "once"}}
    fault = "\n".join(faults_of(variants=lines, **WINDOWS, scales={"training": 64}))
    for words in ("variants.twice.recognises: the recogniser labels once", "variants.circle.recognises"):
        assert words in fault
    assert "variants.once" not in fault


def test_outside_detections_join_generators() -> None:
    (fault,) = faults_of(
        variants={"baseline": {"control": "runs", "panel": "outside", "external": ["theirs"]}}
    )
    assert "`external` detections join those of `generators`" in fault
