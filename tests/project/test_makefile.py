"""The targets of the Makefile run the right commands."""

import os
import subprocess

import pytest
import yaml

from tests.paths import ROOT

OUTSIDE_MAKE = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}


def make(*words: str) -> str:
    """Return what `make` prints, even if `make` itself runs the tests."""
    command = ["make", "--no-print-directory", *words]
    done = subprocess.run(command, cwd=ROOT, env=OUTSIDE_MAKE, capture_output=True, text=True, check=True)
    return done.stdout


def commands(*words: str) -> str:
    """Return the commands that `make` would run if the environment exists."""
    return make("--dry-run", "--old-file=.venv/.ready", *words)


@pytest.mark.parametrize("target", ["train", "fuse", "classify", "submit", "evaluate", "sweep"])
def test_the_target_comes_before_the_configuration_files(target: str) -> None:
    assert commands(target, "CONFIG=mine.yaml").strip().endswith(f"snakemake {target} --configfile mine.yaml")
    assert commands(target).strip().endswith(f"snakemake {target}")


def test_the_archive_of_hapt_can_be_given() -> None:
    assert '--config archive="my data.zip"' in commands("hapt", "DATA=my data.zip")
    assert "archive" not in commands("hapt")


@pytest.mark.parametrize(("target", "name"), [("salads-folds", "salads"), ("sbhar", "sbhar")])
def test_folds_are_scored_together_unless_only_some_are_run(target: str, name: str) -> None:
    files = (
        f"--config config/{name}/config.yaml --folds config/{name}/folds.yaml --folder results/{name}-folds"
    )
    ran, scored = commands(target, "DATA=my data").strip().splitlines()
    assert ran.strip().endswith(f'run_folds.py {files} --archive "my data"')
    assert scored.strip().endswith(f"score_folds.py {files}")
    (part,) = commands(target, "FOLDS=one two").strip().splitlines()
    assert part.strip().endswith(f"run_folds.py {files}  --only one two")


def test_the_demo_is_repeated_with_layers() -> None:
    assert commands("demo-seeds").strip().endswith("--folder results/demo-seeds")
    layered = commands("demo-seeds", "LAYERS=one.yaml two.yaml").strip()
    assert layered.endswith("--folder results/demo-seeds --layers one.yaml two.yaml")


def test_every_challenge_has_its_own_report() -> None:
    assert commands("report").strip().endswith("snakemake --report results/demo/snakemake-report.html")
    files = "config/mine/config.yaml config/mine/layer.yaml"
    mine = commands("report", f"CONFIG={files}").strip()
    assert mine.endswith(f"snakemake --report results/mine/snakemake-report.html --configfile {files}")


def test_every_target_has_a_help_line() -> None:
    names = {name for line in make("help").splitlines() for name in line.split("  ")[0].split()}
    assert names >= {
        "demo",
        "demo-seeds",
        "hapt",
        "sbhar",
        "salads-folds",
        "train",
        "submit",
        "sweep",
        "report",
        "test",
        "lint",
        "bench",
        "clean",
    }


def test_the_pre_commit_hooks_are_the_checks_of_make_lint() -> None:
    (hooks,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [hook["entry"] for hook in hooks["hooks"]] == commands("lint").strip().splitlines()


def test_a_configuration_is_checked_before_snakemake_reads_it() -> None:
    lines = commands("train", "CONFIG=mine.yaml layer.yaml").strip().splitlines()
    assert lines[0] == ".venv/bin/bsnpp check mine.yaml layer.yaml"
    assert len(commands("train").strip().splitlines()) == 1


def test_inspection_makes_and_reads_the_data_of_a_challenge() -> None:
    last = commands("inspect", "CONFIG=mine.yaml", "DATA=my data.zip").strip()
    assert last.endswith('snakemake inspect --configfile mine.yaml --config archive="my data.zip"')
