import json
from pathlib import Path

import pytest

from bsnpp.cli.main import dispatch
from bsnpp.core.errors import UserError

HEADER = "variant,subset,average_map,auc,step_from\n"


def run_folder(folder: Path, seed: int, average: str) -> Path:
    """Write the manifest and the ablation table of a run."""
    (folder / "tables").mkdir(parents=True)
    manifest = {"challenge": "tiny", "variant": "A", "files": {}, "configuration": {"seed": seed}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "tables" / "ablation.csv").write_text(f"{HEADER}A,testing,{average},60.0000,\n")
    return folder


def test_settings_and_scores_that_differ_are_shown_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = run_folder(tmp_path / "a", 1, "30.0000"), run_folder(tmp_path / "b", 2, "31.5000")
    output = tmp_path / "differences.json"
    dispatch(["compare-runs", str(first), str(second / "manifest.json"), "--output", str(output)])
    shown = capsys.readouterr().out
    assert "1 difference\n" in shown and "configuration.seed" in shown and "+1.50" in shown
    content = json.loads(output.read_text())
    assert content["differences"] == [{"key": "configuration.seed", "first": 1, "second": 2}]
    assert content["scores"][0]["average_map_difference"] == 1.5


def test_equal_runs_have_no_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = run_folder(tmp_path / "a", 1, "30.0000")
    dispatch(["compare-runs", str(first), str(first)])
    assert "no difference" in capsys.readouterr().out


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"manifest\.json: no such file"):
        dispatch(["compare-runs", str(tmp_path), str(tmp_path)])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        pytest.param("manifest.json", "{not json", "manifest.json: not valid JSON", id="not JSON"),
        pytest.param("manifest.json", "[]", "manifest.json: not the manifest of a run", id="a list"),
        pytest.param(
            "manifest.json", '{"results": {}}', "manifest.json: not the manifest", id="a submission"
        ),
        pytest.param("manifest.json", None, "manifest.json: no such file", id="no manifest"),
        pytest.param("tables/ablation.csv", None, "ablation.csv: no such file", id="no table"),
        pytest.param("tables/ablation.csv", "label,ap\nrun,0.5\n", "variant", id="another table"),
        pytest.param("tables/ablation.csv", "", "ablation.csv", id="an empty table"),
        pytest.param(
            "tables/ablation.csv",
            f"{HEADER}A,testing,high,60,\n",
            "average_map, row 1: 'high'",
            id="no number",
        ),
        pytest.param("tables/ablation.csv", HEADER + 2 * "A,testing,1,2,\n", "listed twice", id="twice"),
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_damaged_run_is_named_and_nothing_is_written(
    name: str, content: str | None, words: str, place: int, tmp_path: Path
) -> None:
    runs = [run_folder(tmp_path / run, 1, "30.0000") for run in "ab"]
    path = runs[place] / name
    path.unlink()
    if content is not None:
        path.write_text(content)
    output = tmp_path / "differences.json"
    with pytest.raises(UserError) as error:
        dispatch(["compare-runs", *map(str, runs), "--output", str(output)])
    assert words in str(error.value) and str(runs[place]) in str(error.value)
    assert not output.exists()
