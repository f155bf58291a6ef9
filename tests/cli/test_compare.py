import json
from pathlib import Path

import pytest

from bsnpp.cli.main import dispatch
from tests.cli.files import write

LABELS = ["run", "sit", "fly"]
VIDEOS = [f"v{number}" for number in range(12)]


def results(lengths: dict[str, float]) -> dict[str, object]:
    """Detect one segment of each label, with the given share of its true length."""
    entries = [
        {"label": label, "score": 0.5, "segment": [10.0 * index, 10.0 * index + 8 * lengths[label]]}
        for index, label in enumerate(LABELS)
    ]
    return {"results": dict.fromkeys(VIDEOS, entries)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    annotations = [
        {"label": label, "segment": [10.0 * index, 10.0 * index + 8]} for index, label in enumerate(LABELS)
    ]
    entry = {"subset": "validation", "duration": 30.0, "annotations": annotations}
    write(tmp_path / "T.json", {"database": dict.fromkeys(VIDEOS, entry)})
    write(tmp_path / "A.json", results({"run": 0.6, "sit": 0.9, "fly": 0.9}))
    write(tmp_path / "B.json", results({"run": 0.9, "sit": 0.9, "fly": 0.8}))
    return tmp_path


def compare(folder: Path, *options: str) -> dict[str, object]:
    """Compare A with B and return what was written."""
    paths = [str(folder / name) for name in ("A.json", "B.json")]
    shared = [
        "--annotations",
        str(folder / "T.json"),
        "--resamples",
        "30",
        "--output",
        str(folder / "O.json"),
    ]
    dispatch(["compare", *paths, *shared, *options])
    content: dict[str, object] = json.loads((folder / "O.json").read_text())
    return content


def test_the_better_system_and_the_deciding_class_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    comparison = compare(folder, "--shown", "1")
    assert comparison["better"] == "second"
    classes = comparison["classes"]
    assert isinstance(classes, list)
    assert [row["label"] for row in classes] == ["run", "fly", "sit"]
    assert classes[0]["difference"] == pytest.approx(0.6)
    assert comparison["difference"] == pytest.approx(0.6 / 3 - 0.2 / 3)
    shown = capsys.readouterr().out
    assert "B is better (B wins 100.0 % of the resamples)" in shown
    assert "\nrun" in shown and "\nfly" not in shown


def test_runs_of_a_system_are_averaged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(folder / name) for name in ("A.json", "B.json")]
    comparison = compare(folder, "--more-a", paths[1], "--more-b", paths[0])
    assert comparison["difference"] == pytest.approx(0.0, abs=1e-12)
    assert comparison["better"] is None
    assert "no clear difference: the interval contains 0" in capsys.readouterr().out
