"""A digest changes if and only if the code changes that writes a file."""

import os
from pathlib import Path

import pytest

from bsnpp.reruns.code import code_digest, digest_of, module_digests
from tests.paths import SCRIPTS, script

CODE = '''"""A module."""

class Settings:
    """Settings."""

    key: int = Field(3, description="what it does", ge=1)


def double(value: int) -> int:
    """Twice a value."""
    # simple
    return 2 * value
'''


def digest(folder: Path, text: str) -> str:
    path = folder / "module.py"
    path.write_text(text)
    return code_digest(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# simple", "# simple enough"),
        ('"""A module."""', '"""Another module."""'),
        ('    """Twice a value."""\n', ""),
        ('    """Settings."""', '    """Other words."""'),
        ('description="what it does"', 'description="other words"'),
        ("\n\n\n", "\n\n\n\n"),
        ('description="what it does", ge=1', 'ge=1,\n        description="what it does"'),
    ],
)
def test_comments_and_descriptions_do_not_count(tmp_path: Path, old: str, new: str) -> None:
    assert old in CODE
    assert digest(tmp_path, CODE.replace(old, new)) == digest(tmp_path, CODE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2 * value", "3 * value"),
        ("2 * value", "value * 2"),
        ("Field(3", "Field(4"),
        ("ge=1", "ge=0"),
        ("def double", "def twice"),
        ("class Settings", "class Section"),
        ("# simple", "pass"),
    ],
)
def test_code_counts(tmp_path: Path, old: str, new: str) -> None:
    assert digest(tmp_path, CODE.replace(old, new)) != digest(tmp_path, CODE)


def rooms(name: str, *loaded: str) -> set[str]:
    """List the modules and packages of bsnpp that a script imports or loads, without the prefix."""
    names = set(module_digests(script(name), *loaded))
    assert f"scripts.{name}" in names
    return {module.removeprefix("bsnpp.") for module in names if not module.startswith("scripts.")}


def test_indirect_imports_count() -> None:
    text = script("train_generator").read_text()
    assert "bsnpp.core.grid" not in text and "bsnpp.models.labels" not in text
    assert {
        "bsnpp",
        "core.grid",
        "models",
        "models.labels",
        "training.trainer",
        "core.errors",
    } <= rooms("train_generator")


@pytest.mark.parametrize("name", ["train_generator", "predict_maps", "draw_sampling"])
def test_networks_count_only_for_their_own_generator(name: str) -> None:
    networks = {"models.bsnpp", "models.bmn"}
    assert not rooms(name) & {*networks, "models.boundary_matching"}
    for network in networks:
        reached = rooms(name, f"bsnpp.{network}")
        assert reached & networks == {network}
        assert "models.boundary_matching" in reached
        assert rooms(name) < reached


@pytest.mark.parametrize("network", ["bsnpp", "bmn"])
def test_prediction_does_not_depend_on_settings_of_training(network: str) -> None:
    reached = rooms("predict_maps", f"bsnpp.models.{network}")
    assert "models.losses" in reached, "the network has its own loss"
    assert "models.loss_settings" not in reached, "imported for type checking only"
    assert not [name for name in reached if name.startswith("training")]


def test_training_does_not_depend_on_later_stages() -> None:
    later = (
        "evaluation",
        "detection",
        "fusion",
        "inference",
        "classification",
        "reporting",
        "datasets",
        "challenge",
    )
    assert not [name for name in rooms("train_generator") if name.split(".")[0] in later]


@pytest.mark.parametrize(
    ("name", "foreign"),
    [
        ("read_annotations", {"models", "features", "training", "challenge", "evaluation"}),
        ("rescale_features", {"models", "annotations", "training", "challenge", "inference"}),
        ("list_features", {"models", "annotations", "training", "challenge", "inference"}),
        ("predict_maps", {"evaluation", "detection", "fusion", "challenge", "datasets"}),
        ("fuse_maps", {"models", "evaluation", "challenge", "features", "classification"}),
        ("detect", {"models", "training", "fusion", "reporting", "challenge"}),
        ("evaluate_variant", {"models", "training", "inference", "features", "fusion", "challenge"}),
    ],
)
def test_a_stage_does_not_depend_on_unrelated_stages(name: str, foreign: set[str]) -> None:
    assert not {module.split(".")[0] for module in rooms(name)} & foreign


def test_no_script_of_the_chain_reads_the_whole_configuration() -> None:
    """Otherwise every edit of the configuration would rerun everything."""
    outside = ("project", "inspection")  # by hand, and whenever asked for, with no stage after it
    scripts = {path.stem for path in SCRIPTS.glob("*/*.py") if path.parent.name not in outside}
    assert not [
        name for name in sorted(scripts) if any(module.startswith("challenge") for module in rooms(name))
    ]


def test_a_checkpoint_depends_on_settings_inputs_and_the_network(tmp_path: Path) -> None:
    path, data = script("train_generator"), tmp_path / "data"
    data.write_text("one")
    first = digest_of(path, "{}", [data])
    assert digest_of(path, "{}", [data]) == first
    assert digest_of(path, '{"epochs": 2}', [data]) != first
    assert digest_of(path, "{}", [data], "bsnpp.models.bmn") != first
    state = data.stat()
    os.utime(data)
    assert digest_of(path, "{}", [data]) == first, "a file that is merely touched"
    data.write_text("two")
    os.utime(data, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert digest_of(path, "{}", [data]) != first, "another content with the same size and time"
