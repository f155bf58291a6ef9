import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bsnpp.cli.main import dispatch
from bsnpp.core.errors import UserError
from bsnpp.evaluation.detection import evaluate_detections
from tests.cli.files import ANNOTATIONS, RESULTS, submission, write
from tests.reference.evaluation_data import detection_table, instance_table


def diagnose(folder: Path, *options: str, results: dict[str, Any] = RESULTS) -> dict[str, Any]:
    """Run the verb and return what it wrote."""
    truth, path = write(folder / "A.json", ANNOTATIONS), write(folder / "S.json", submission(results))
    command = ["diagnose", "--annotations", str(truth), "--submission", str(path)]
    dispatch([*command, "--output", str(folder / "D.json"), *options])
    content: dict[str, Any] = json.loads((folder / "D.json").read_text())
    return content


def test_all_tables_are_shown_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = diagnose(tmp_path, "--tables", str(tmp_path / "tables"), "--tiou", "0.5:0.75:0.25")
    instances = instance_table([("a", 2, 10, "run"), ("a", 15, 25, "sit"), ("b", 5, 15, "run")])
    rows = [(v, e["label"], e["score"], *e["segment"]) for v, entries in RESULTS.items() for e in entries]
    scores = evaluate_detections(instances, detection_table(rows), [0.5, 0.75])
    assert content["average_mAP"] == pytest.approx(scores.average_map)
    counts = {row["type"]: row["count"] for row in content["errors"]}
    assert counts == {
        "true positive": 2, "double detection": 0, "wrong label": 1, "localization": 0, "confusion": 0,
        "background": 1, "missed instance": 1,
    }  # fmt: skip
    assert content["characteristics"][0]["missed"] == pytest.approx(1 / 3)
    assert [row["oracle"] for row in content["oracles"]] == [
        "none", "true classes", "true edges", "true proposals", "true scores"
    ]  # fmt: skip
    assert content["segmental"]["segments"] == 3
    shown = capsys.readouterr().out
    for name in ("errors", "profile", "characteristics", "oracles"):
        table = pd.read_csv(tmp_path / "tables" / f"{name}.csv")
        assert len(table) == len(content[name])
    for part in ("wrong label", "10G", "coverage", "true scores", "F1@10", "segments of a score"):
        assert part in shown


def test_the_threshold_of_counts_and_the_score_of_segments_can_be_chosen(tmp_path: Path) -> None:
    default = diagnose(tmp_path)
    strict = diagnose(tmp_path, "--at", "0.95", "--least-score", "0.85")
    assert (default["tiou"], strict["tiou"]) == (0.5, 0.95)
    assert strict["errors"][0]["count"] == 0 < default["errors"][0]["count"]
    assert strict["segmental"]["segments"] == 1
    with pytest.raises(UserError, match=r"--at 0\.3 is not one of the thresholds 0\.5:0\.95:0\.05"):
        diagnose(tmp_path, "--at", "0.3")


def test_a_verbatim_reading_keeps_other_videos_as_false_positives(tmp_path: Path) -> None:
    results = {**RESULTS, "zz": [{"label": "run", "score": 1.0, "segment": [0, 5]}]}
    lenient, verbatim = (
        {row["type"]: row["count"] for row in diagnose(tmp_path, *options, results=results)["errors"]}
        for options in ([], ["--verbatim"])
    )
    assert verbatim == lenient | {"background": lenient["background"] + 1}


def test_a_figure_is_drawn_with_the_same_bytes_every_time(tmp_path: Path) -> None:
    path = tmp_path / "figure.png"
    diagnose(tmp_path, "--figure", str(path))
    first = path.read_bytes()
    assert first.startswith(b"\x89PNG")
    diagnose(tmp_path, "--figure", str(path))
    assert path.read_bytes() == first
    with pytest.raises(UserError, match=r"--figure figure\.pdf: the name must end with \.png"):
        diagnose(tmp_path, "--figure", "figure.pdf")
