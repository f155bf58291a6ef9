from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bsnpp.summary.data import data_table, flag_table
from bsnpp.summary.first_page import remarks, score_intervals, step_table
from bsnpp.summary.html import table
from bsnpp.summary.stages import stage_costs
from tests.summary.example import SCORES, ablation, errors, evaluation


def test_the_step_table_has_the_paper_beside_the_same_step_only() -> None:
    steps = step_table(ablation(), "testing", SCORES).set_index("variant")
    assert steps.loc["A", "paper: gain"] == "+2.77"
    assert steps.loc["C", "paper: average mAP"] == 41.97
    assert steps.loc["C", "paper: gain"] == "", "the paper's C follows B, not A"
    assert steps.loc["baseline", ["gain", "95 % interval"]].tolist() == ["", ""]


def test_the_interval_is_centred_on_the_score() -> None:
    values = np.linspace(0.0, 1.0, 41)[:, None] + np.zeros(3)
    interval = score_intervals([evaluation("A", "testing")], [values])["testing"]
    np.testing.assert_allclose(interval, [36.0, 36.0 - 47.5, 36.0 + 47.5])


def test_unclear_steps_are_named_and_nothing_is_said_of_the_tuned_subset_alone() -> None:
    said = list(remarks(ablation(), "C", "validation", errors(), 0))
    assert said == [
        "No clear effect (the interval contains 0) of: C.",
        'The costliest error type is "localization": +7.00 points if it were fixed.',
    ]


def test_subsets_without_ground_truth_have_empty_cells() -> None:
    videos = pd.DataFrame({"video": ["a", "b"], "duration": [3600.0, 1800.0]})
    instances = pd.DataFrame({"video": ["a", "b"], "start": 0.0, "end": [1800.0, 600.0], "label": "run"})
    rows = data_table({"training": videos, "testing": videos}, {"training": instances})
    assert rows["hours"].tolist() == [1.5, 1.5]
    assert rows["instances"].isna().tolist() == [False, True]
    assert rows.loc[0, ["instances", "classes", "median instance [s]", "long ones [%]"]].tolist() == [
        2, 1, 1200.0, 50.0
    ]  # fmt: skip


def test_flags_are_counted() -> None:
    flags = flag_table({"x, testing": pd.DataFrame({"flag": [None, "long", "missing", "long"]})})
    assert flags.iloc[0].tolist() == ["x, testing", 4, 3, "long: 2, missing: 1"]
    assert flag_table({})["flagged"].sum() == 0


def test_costs_are_summed_by_stage_and_damaged_files_are_skipped(tmp_path: Path) -> None:
    head = "s\th:m:s\tmax_rss\n"
    files = {
        "training/a/x.tsv": f"{head}10.5\t0:00:10\t100.0\n",
        "training/b.tsv": f"{head}2.0\t0:00:02\tNA\n",
        "simulate.tsv": f"{head}1.0\t0:00:01\t-\n",
        "fusion/empty.tsv": "",
        "fusion/half.tsv": f"{head}",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "fusion/binary.tsv").write_bytes(b"\xff\xfe")
    costs = stage_costs(tmp_path)
    assert costs["stage"].tolist() == ["training", "simulate"]
    assert costs.loc[0].tolist()[1:] == [2, 12.5, 10.5, 100.0]
    assert np.isnan(costs.loc[1, "peak memory [MB]"])
    assert len(stage_costs(tmp_path / "none")) == 0


@pytest.mark.parametrize(
    ("value", "cell"), [(1234.5, "1,234.50"), (1234, "1,234"), (None, ""), ("<", "&lt;")]
)
def test_cells_of_a_table(value: object, cell: str) -> None:
    assert f">{cell}</td>" in table(pd.DataFrame({"x": [value]}), "caption")
