import importlib
import os
import resource
import shlex
import subprocess
import sys
import tomllib

import pytest

from bsnpp.cli.main import VERBS, dispatch, main, overview, read_command
from bsnpp.core.errors import UserError
from tests.paths import ROOT


def loaded_after(code: str, modules: list[str]) -> set[str]:
    """Which of these modules a fresh interpreter has loaded after running some code."""
    code = f"import sys; {code}; print(*[name for name in {modules} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stderr.split())


def test_the_help_fits_a_screen_and_lists_every_verb() -> None:
    lines = overview().splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    for name in VERBS:
        assert any(line.startswith(f"  {name} ") for line in lines)


def test_the_help_starts_within_a_second_and_without_numpy() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert loaded_after("from bsnpp.cli.main import dispatch; dispatch([])", ["numpy", "pandas"]) == set()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) < 1.0


def test_the_verbs_of_evaluation_load_nothing_heavier_than_pandas() -> None:
    code = "import bsnpp.cli.inputs, bsnpp.evaluation.runs, bsnpp.submission.checks"
    heavy = ["torch", "matplotlib", "sklearn", "scipy", "h5py", "numba", "snakemake"]
    assert loaded_after(code, heavy) == set()


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_shows_its_options_and_an_example_that_parses(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        read_command([verb, "--help"])
    text = capsys.readouterr().out
    assert text.startswith(f"usage: bsnpp {verb}")
    assert "example:" in text
    assert max(map(len, text.splitlines())) <= 110
    example = importlib.import_module(VERBS[verb].module).EXAMPLE
    program, name, *rest = shlex.split(example.replace("\\\n", " "))
    assert (program, name) == ("bsnpp", verb)
    module, _ = read_command([name, *rest])
    assert module.__name__ == VERBS[verb].module


def test_an_unknown_verb_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UserError, match="no verb 'evalute'; did you mean 'evaluate'"):
        dispatch(["evalute"])
    with pytest.raises(UserError, match=f"no verb 'xyz'; the verbs are {', '.join(VERBS)}"):
        dispatch(["xyz"])


def test_the_version_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    dispatch(["--version"])
    assert capsys.readouterr().out.startswith("bsnpp ")


def test_the_console_script_is_the_main_function() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    module, function = project["scripts"]["bsnpp"].split(":")
    assert getattr(importlib.import_module(module), function) is main


def test_the_module_runs_and_a_mistake_has_no_traceback() -> None:
    command = [sys.executable, "-m", "bsnpp.cli.main"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == overview() + "\n"
    done = subprocess.run([*command, "xyz"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr.splitlines()[0][:20]) == (1, "error: no verb 'xyz'")


def test_a_closed_pipe_is_no_error() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = [sys.executable, "-m", "bsnpp.cli.main"]
    done = subprocess.run(command, stdout=write_end, stderr=subprocess.PIPE, check=False, cwd=ROOT)
    os.close(write_end)
    assert done.stderr == b""
