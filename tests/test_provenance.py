"""A digest changes with the code that makes a file, and with nothing else."""

from pathlib import Path

import pytest

from bsnpp.provenance import code_digest, digest_of, module_digests

SCRIPTS = Path(__file__).parents[1] / "scripts"

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
def test_words_do_not_count(tmp_path: Path, old: str, new: str) -> None:
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


def rooms(script: str) -> set[str]:
    """The modules and packages of bsnpp that a script reaches, without the prefix."""
    names = set(module_digests(SCRIPTS / f"{script}.py"))
    assert f"scripts.{script}" in names
    return {name.removeprefix("bsnpp.") for name in names if not name.startswith("scripts.")}


def test_what_is_imported_by_what_is_imported_counts() -> None:
    text = (SCRIPTS / "train.py").read_text()
    assert "bsnpp.grid" not in text and "bsnpp.models.boundary_matching" not in text
    assert {"bsnpp", "grid", "models", "models.boundary_matching", "training.losses", "errors"} <= rooms(
        "train"
    )


def test_training_knows_nothing_of_what_comes_after_it() -> None:
    later = (
        "evaluation",
        "detection",
        "fusion",
        "inference",
        "classification",
        "reporting",
        "config",
        "plan",
    )
    assert not [name for name in rooms("train") if name.split(".")[0] in (*later, "simulation", "sheets")]


@pytest.mark.parametrize(
    ("script", "foreign"),
    [
        ("read_annotations", {"models", "features", "grid", "training", "config", "evaluation"}),
        ("rescale_features", {"models", "annotations", "training", "config", "inference"}),
        ("list_features", {"models", "annotations", "training", "config", "inference"}),
        ("predict_maps", {"evaluation", "detection", "fusion", "config", "simulation"}),
        ("fuse_maps", {"models", "evaluation", "config", "features", "classification"}),
        ("detect", {"models", "training", "fusion", "reporting", "config"}),
        ("evaluate", {"models", "training", "inference", "features", "fusion", "config"}),
    ],
)
def test_a_stage_does_not_depend_on_other_rooms(script: str, foreign: set[str]) -> None:
    assert not {name.split(".")[0] for name in rooms(script)} & foreign


def test_no_script_of_the_chain_reads_the_whole_configuration() -> None:
    """Else an edit of one description's neighbour would make everything anew."""
    scripts = {path.stem for path in SCRIPTS.glob("*.py")} - {"write_schema", "write_config_reference"}
    assert not [script for script in sorted(scripts) if {"config", "plan"} & rooms(script)]


def test_a_checkpoint_depends_on_settings_and_inputs(tmp_path: Path) -> None:
    script, data = SCRIPTS / "train.py", tmp_path / "data"
    data.write_text("one")
    first = digest_of(script, "{}", [data])
    assert digest_of(script, "{}", [data]) == first
    assert digest_of(script, '{"epochs": 2}', [data]) != first
    data.write_text("other")
    assert digest_of(script, "{}", [data]) != first


def test_scripts_that_a_script_imports_are_its_code() -> None:
    digests = module_digests(SCRIPTS / "train_recogniser.py")
    assert {"scripts.train_recogniser", "scripts.snippet_inputs", "scripts.commandline"} <= digests.keys()
    assert "scripts.train" not in digests and "bsnpp.features.importers" in digests
