"""The whole configuration: placeholders, short forms, keys and names, the schema."""

import re

import pytest
from pydantic import BaseModel, ValidationError

from bsnpp.challenge.load import load_challenge
from bsnpp.challenge.model import Challenge, configuration_schema
from bsnpp.core.settings import Settings, explain
from tests.challenge.plans import SMALL, faults_of


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
