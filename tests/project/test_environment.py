"""Conda users get the same versions as pip users."""

from tests.paths import ROOT

CONDA_NAMES = {"matplotlib-base": "matplotlib", "pytorch": "torch", "pyyaml": "PyYAML"}


def test_the_conda_environment_has_the_pinned_versions() -> None:
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().split())
    lines = (ROOT / "environment.yml").read_text().split("dependencies:")[1].splitlines()
    versions = dict(line.strip(" -").split(" =") for line in lines if line)
    del versions["python"]
    assert len(versions) > 10
    by_pip_name = {CONDA_NAMES.get(name, name): version for name, version in versions.items()}
    assert by_pip_name.items() <= pins.items()
