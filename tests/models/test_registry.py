"""The registry of generators: settings select a class by their architecture, also one from outside."""

import json
import subprocess
import sys
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ValidationError

from bsnpp.core.settings import explain
from bsnpp.models.settings import (
    ARCHITECTURES,
    BMNSettings,
    BSNPPSettings,
    GeneratorSettings,
    MatchingSettings,
    ProposalSettings,
)
from tests.models.toy_generator import registered_toy


class Section(BaseModel):
    """A section that holds any generator."""

    model: GeneratorSettings


def faults(value: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Section.model_validate({"model": value})
    return explain(caught.value)


def test_the_architecture_selects_the_class() -> None:
    assert ARCHITECTURES.items() >= {"bsnpp": BSNPPSettings, "bmn": BMNSettings}.items()
    for name, kind in ARCHITECTURES.items():
        assert Section.model_validate({"model": {"architecture": name}}).model == kind()
        assert Section.model_validate_json(f'{{"model": {{"architecture": "{name}"}}}}').model == kind()
        assert Section(model=kind()).model == kind()


def test_settings_are_restored_from_json() -> None:
    section = Section(model=BMNSettings(base_channels=8, matching=MatchingSettings(bins=3)))
    assert Section.model_validate_json(section.model_dump_json()) == section
    assert json.loads(section.model_dump_json(exclude_unset=True)) == {
        "model": {"base_channels": 8, "matching": {"bins": 3}}
    }


def test_faults_name_the_key() -> None:
    assert faults({}) == ["model: the key 'architecture' is required"]
    (fault,) = faults({"architecture": "gtad"})
    assert "'gtad'" in fault and "'bsnpp', 'bmn'" in fault
    (fault,) = faults({"architecture": "bmn", "groups": 0})
    assert fault.startswith("model.bmn.groups: ") and fault.endswith("(got 0)")


def test_a_class_that_is_defined_later_is_known_to_validation_and_schema() -> None:
    with registered_toy() as toy:
        assert Section.model_validate({"model": {"architecture": "toy"}}).model == toy()
        model = Section.model_json_schema()["properties"]["model"]
        assert model["discriminator"]["propertyName"] == "architecture"
        assert set(model["discriminator"]["mapping"]) >= {"bsnpp", "bmn", "toy"}
    assert "'toy'" in faults({"architecture": "toy"})[0]


def test_an_architecture_has_one_class() -> None:
    with pytest.raises(ValueError, match="BMNSettings has the architecture bmn already"):

        class Other(ProposalSettings):
            """Another class of this name."""

            architecture: Literal["bmn"] = "bmn"

    assert ARCHITECTURES["bmn"] is BMNSettings


def test_settings_need_no_torch() -> None:
    code = (
        "import sys; import bsnpp.models.settings, bsnpp.models.loss_settings; print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
