"""The verb `init`."""

import tomllib
from pathlib import Path

import pytest

from bsnpp.challenge import template
from bsnpp.challenge.config_files import read_config
from bsnpp.challenge.load import load_plan
from bsnpp.challenge.plan import Plan
from bsnpp.cli.main import dispatch
from bsnpp.core.errors import UserError
from tests.paths import CONFIG, ROOT

FILES = ["classifiers.tsv", "config.yaml", "encoders.tsv", "quick.yaml"]


@pytest.mark.parametrize("folder", ["config/mine", "gymnastics", "some where/else/Dance_2"])
@pytest.mark.parametrize("absolute", [False, True])
def test_a_copy_is_a_complete_challenge_with_the_name_of_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, absolute: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Plan, "missing_files", lambda plan: [])
    folder = str(tmp_path / folder) if absolute else folder
    dispatch(["init", folder])
    assert sorted(path.name for path in Path(folder).iterdir()) == FILES
    plan = load_plan(read_config([f"{folder}/config.yaml"]))
    assert plan.challenge.challenge == Path(folder).name
    assert sorted(plan.expected_files()) == ["data/annotations.json", "data/features"]
    layered = load_plan(read_config([f"{folder}/config.yaml", f"{folder}/quick.yaml"]))
    assert layered.challenge.results == f"results/{Path(folder).name}_quick"


def test_the_copy_at_the_usual_place_is_the_template_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    dispatch(["init", "config/mine"])
    for name in FILES:
        assert Path("config/mine", name).read_bytes() == (CONFIG / "template" / name).read_bytes()


def test_what_to_edit_and_run_next_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    dispatch(["init", "my data/Dance"])
    text = capsys.readouterr().out
    for words in (
        "my data/Dance/config.yaml, my data/Dance/encoders.tsv",
        "'my data/Dance'/encoders.tsv",
        "bsnpp check 'my data/Dance'/config.yaml",
    ):
        assert words in text


def test_nothing_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("config/mine").mkdir(parents=True)
    for folder in ("config/mine", "."):
        with pytest.raises(UserError, match=r": exists already; remove it, or choose another name"):
            dispatch(["init", folder])
    assert list(Path("config/mine").iterdir()) == []


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("config/my-data", "'my-data' cannot be the name of a challenge; expected a letter, then letters"),
        ("{a}/mine", "contains braces, quotes or backslashes"),
        ("file/mine", "file/mine: cannot be written"),
    ],
)
def test_a_folder_that_cannot_be_a_challenge_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    with pytest.raises(UserError, match=words):
        dispatch(["init", folder])
    assert not Path(folder).exists()
    assert [path.name for path in tmp_path.rglob("*")] == ["file"]


def test_without_a_template_the_message_says_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template, "PLACES", (tmp_path / "a", tmp_path / "b"))
    with pytest.raises(UserError, match="copy config/template from the repository of bsnpp"):
        dispatch(["init", str(tmp_path / "mine")])


def test_the_package_installs_the_template() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert tools["data-files"] == {"share/bsnpp/template": ["config/template/*"]}
    assert str(template.PLACES[1]).endswith("share/bsnpp/template")
