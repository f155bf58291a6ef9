"""Both ways of installing give the same versions."""

from tests.paths import ROOT

CONDA_NAMES = {"matplotlib-base": "matplotlib", "pytorch": "torch", "pyyaml": "PyYAML"}


def test_conda_users_get_the_pinned_versions() -> None:
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().split())
    lines = (ROOT / "environment.yml").read_text().split("dependencies:")[1].splitlines()
    found = dict(line.strip(" -").split(" =") for line in lines if line)
    del found["python"]
    assert len(found) > 10
    assert {CONDA_NAMES.get(name, name): version for name, version in found.items()}.items() <= pins.items()
