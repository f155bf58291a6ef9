"""The section `components` adds a generator and a variant for every row and seed."""

from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from bsnpp.challenge.load import load_challenge
from bsnpp.challenge.model import Challenge
from bsnpp.core.errors import UserError
from bsnpp.models.settings import BSNPPSettings
from tests.challenge.plans import SMALL

SECTION: dict[str, Any] = {
    "generator": "bsnpp",
    "member": "one/scratch",
    "panel": "outside",
    "seeds": [3, 14],
    "rows": {
        "forward": {"model": {"bidirectional": False}},
        "balanced": {"training": {"resampling": {"method": "iou_balanced"}}},
        "all": {},
    },
}


def challenge(**changes: Any) -> Challenge:
    return load_challenge({**deepcopy(SMALL), "components": {**deepcopy(SECTION), **changes}})


def faults_of(**changes: Any) -> str:
    with pytest.raises(UserError) as caught:
        challenge(**changes)
    return str(caught.value)


def test_every_row_is_trained_for_every_seed() -> None:
    lines = {f"{row}_{seed}": (row, seed) for row in ("forward", "balanced", "all") for seed in (3, 14)}
    full = challenge()
    assert full.components is not None and full.components.lines == lines
    assert set(full.generators) == {"bsnpp", *lines} and set(full.variants) == {"baseline", *lines}
    assert {name: full.generators[name].seed for name in lines} == {n: seed for n, (_, seed) in lines.items()}
    assert list(full.compared) == ["baseline"]


def test_a_row_changes_only_its_own_keys() -> None:
    full = challenge()
    own, forward = full.generators["bsnpp"], full.generators["forward_3"]
    assert isinstance(forward.model, BSNPPSettings) and not forward.model.bidirectional
    assert forward.model.model_copy(update={"bidirectional": True}) == own.model
    assert forward.training == own.training
    balanced = full.generators["balanced_14"]
    assert balanced.model == own.model and balanced.training.resampling.method == "iou_balanced"
    assert balanced.training.stages == own.training.stages
    assert full.generators["all_3"] == own.model_copy(update={"seed": 3})


def test_the_schedule_of_a_row_overrides_the_common_one() -> None:
    short, long = [{"epochs": 1, "learning_rate": 0.1}], [{"epochs": 2, "learning_rate": 0.1}]
    rows = {"all": {}, "long": {"training": {"stages": long}}}
    full = challenge(training={"stages": short}, rows=rows)
    assert full.generators["all_3"].training.epochs == 1 and full.generators["long_3"].training.epochs == 2
    assert full.generators["bsnpp"].training.epochs == 10


def test_a_row_cannot_take_the_name_of_a_variant() -> None:
    variants = {**SMALL["variants"], "all_3": SMALL["variants"]["baseline"]}
    with pytest.raises(ValidationError) as caught:
        Challenge.model_validate({**deepcopy(SMALL), "components": SECTION, "variants": variants})
    assert "rows get names that are already used: variants.all_3" in str(caught.value)


def test_nothing_is_added_without_the_section() -> None:
    plain = Challenge.model_validate(SMALL)
    assert plain.components is None and plain.compared == plain.variants


def test_exactly_one_row_changes_nothing() -> None:
    assert "exactly one row must change nothing; these do: none" in faults_of(
        rows={"forward": SECTION["rows"]["forward"]}
    )
    assert "these do: ['a', 'b']" in faults_of(rows={"a": {}, "b": {}})


def test_seeds_are_distinct_and_not_negative() -> None:
    assert "components.seeds: 3 " in faults_of(seeds=[3, 14, 3])
    assert "components.seeds.0" in faults_of(seeds=[-1])


def test_a_member_with_a_seed_would_be_trained_with_one_seed_only() -> None:
    assert "one/scratch_seed3 has a seed, but rows are trained with each" in faults_of(
        member="one/scratch_seed3"
    )


def test_a_wrong_name_or_key_is_reported_with_its_path() -> None:
    assert "components.generator: unknown generator 'bmn'; known: bsnpp" in faults_of(generator="bmn")
    wrong = {"all": {}, "odd": {"model": {"bidirectionality": False}}}
    assert "bidirectionality" in faults_of(rows=wrong)
    assert "unknown panel 'inside'; known: outside, ground_truth" in faults_of(panel="inside")
    assert "'one' must be encoder/initialisation" in faults_of(member="one")
