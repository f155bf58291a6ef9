"""Tables of detections and proposals in seconds."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bsnpp.detection.scored_segments import Detections, Proposals
from bsnpp.detection.tables import detections_table, proposals_table
from bsnpp.stores.detections import read_detections, write_detections

RESULTS = [
    ("b", 10.0, Detections(np.array([[0.0, 0.5], [0.25, 1.0]]), np.array([0.9, 0.1]), np.array([1, 0]))),
    ("c", 3.0, Detections(np.empty((0, 2)), np.empty(0), np.empty(0, dtype=np.int64))),
    ("a", 80.0, Detections(np.array([[0.1, 0.2]]), np.array([0.3]), np.array([1]))),
]
EXPECTED = pd.DataFrame(
    {
        "video": ["b", "b", "a"],
        "label": ["run", "jump", "run"],
        "score": [0.9, 0.1, 0.3],
        "start": [0.0, 2.5, 8.0],
        "end": [5.0, 10.0, 16.0],
    }
)


def test_segments_are_in_seconds_of_each_video() -> None:
    pd.testing.assert_frame_equal(detections_table(RESULTS, ["jump", "run"]), EXPECTED)
    proposals = proposals_table(
        (video, unit, Proposals(one.segments, one.scores)) for video, unit, one in RESULTS
    )
    pd.testing.assert_frame_equal(proposals, EXPECTED.drop(columns="label"))


@pytest.mark.parametrize("results", [[], RESULTS[1:2]])
def test_a_table_without_detections_has_the_same_columns(
    results: list[tuple[str, float, Detections]],
) -> None:
    table = detections_table(results, ["jump", "run"])
    assert (table.dtypes == EXPECTED.dtypes).all() and len(table) == 0


def test_classes_and_videos_may_have_any_name(tmp_path: Path) -> None:
    """Words that table readers take for missing values are names like all others."""
    names = ["NA", "null", "nan", "None"]
    one = Detections(np.array([[0.0, 0.5]] * 4), np.array([0.9, 0.8, 0.7, 0.6]), np.arange(4))
    write_detections(tmp_path / "d.parquet", detections_table([("NaN", 1.0, one)], names))
    table = read_detections(tmp_path / "d.parquet")
    assert table["label"].tolist() == names and set(table["video"]) == {"NaN"}
