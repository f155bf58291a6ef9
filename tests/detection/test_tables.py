"""Tables of proposals and detections in seconds."""

import numpy as np
import pandas as pd
import pytest

from bsnpp.detection.decode import Proposals
from bsnpp.detection.labelling import Detections
from bsnpp.detection.tables import detections_table, proposals_table

EXTENT = {"b": 10.0, "a": 80.0, "c": 3.0}
DETECTIONS = [
    ("b", Detections(np.array([[0.0, 0.5], [0.25, 1.0]]), np.array([0.9, 0.1]), np.array([1, 0]))),
    ("c", Detections(np.empty((0, 2)), np.empty(0), np.empty(0, dtype=np.int64))),
    ("a", Detections(np.array([[0.1, 0.2]]), np.array([0.3]), np.array([1]))),
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


def test_shares_become_seconds_of_each_video() -> None:
    pd.testing.assert_frame_equal(detections_table(DETECTIONS, EXTENT, ["jump", "run"]), EXPECTED)
    proposals = [(video, Proposals(each.segments, each.scores)) for video, each in DETECTIONS]
    pd.testing.assert_frame_equal(proposals_table(proposals, EXTENT), EXPECTED.drop(columns="label"))


@pytest.mark.parametrize("detections", [[], DETECTIONS[1:2]])
def test_an_empty_table_has_the_same_columns(detections: list[tuple[str, Detections]]) -> None:
    table = detections_table(detections, EXTENT, ["jump", "run"])
    assert (table.dtypes == EXPECTED.dtypes).all() and len(table) == 0
