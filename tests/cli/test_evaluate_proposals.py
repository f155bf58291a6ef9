import json
from pathlib import Path
from typing import Any

import pytest

from bsnpp.cli.main import dispatch
from bsnpp.evaluation.proposals import average_recall
from tests.cli.files import ANNOTATIONS, RESULTS, write
from tests.reference.evaluation_data import detection_table, instance_table


def test_the_recall_is_that_of_the_library(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proposals: dict[str, list[Any]] = {
        video: [{"score": entry["score"], "segment": entry["segment"]} for entry in entries]
        for video, entries in RESULTS.items()
    }
    paths = [
        str(write(tmp_path / "A.json", ANNOTATIONS)),
        str(write(tmp_path / "P.json", {"results": proposals})),
    ]
    output = tmp_path / "recall.json"
    command = [
        "evaluate-proposals",
        "--annotations",
        paths[0],
        "--proposals",
        paths[1],
        "--output",
        str(output),
    ]
    dispatch([*command, "--most", "3", "--tiou", "0.5,0.75"])
    metrics = json.loads(output.read_text())
    instances = instance_table([("a", 2, 10, "run"), ("a", 15, 25, "sit"), ("b", 5, 15, "run")])
    rows = [(v, "", e["score"], *e["segment"]) for v, entries in RESULTS.items() for e in entries]
    scores = average_recall(instances, detection_table(rows), ["a", "b", "c"], 3, [0.5, 0.75])
    assert metrics["AUC"] == scores.auc
    assert list(metrics["AR"].values()) == scores.average_recall.tolist()
    assert metrics["recall"] == {"0.5": scores.recall[0, 2], "0.75": scores.recall[1, 2]}
    assert metrics["counts"] == {"videos": 3, "instances": 3, "predictions": 4}
    assert f"@3: {100 * scores.ar_at(3):.2f}" in capsys.readouterr().out
