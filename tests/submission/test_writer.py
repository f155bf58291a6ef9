"""The submission file: format, times inside the video, and refused detections."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bsnpp.core.errors import UserError
from bsnpp.submission.writer import write_submission
from tests.submission.submissions import DETECTIONS, VIDEOS, check, write


def test_the_written_file_has_the_format_and_is_valid(tmp_path: Path) -> None:
    content = write(tmp_path / "s.json")
    assert list(content) == ["version", "results", "external_data"]
    assert content["version"] == "VERSION 1.3"
    assert content["external_data"] == {"used": True, "details": "Kinetics-700"}
    assert list(content["results"]) == ["v1", "v2", "v3"]
    assert content["results"]["v1"] == [
        {"label": "jump", "score": 0.75, "segment": [80.0, 82.731274567]},
        {"label": "run", "score": 0.25, "segment": [0.0, 5.0]},
    ]
    assert content["results"]["v2"] == [{"label": "jump", "score": 1 / 3, "segment": [1.2346, 2.0]}]
    assert content["results"]["v3"] == [{"label": "run", "score": 0.5, "segment": [0.00001, 0.00002]}]
    assert check(tmp_path / "s.json") == []


def test_a_video_without_detections_has_an_empty_list(tmp_path: Path) -> None:
    assert write(tmp_path / "s.json", DETECTIONS.iloc[:0])["results"] == {"v1": [], "v2": [], "v3": []}
    assert check(tmp_path / "s.json") == []


def test_the_order_of_the_rows_changes_no_byte(tmp_path: Path) -> None:
    write(tmp_path / "one.json")
    write(tmp_path / "two.json", DETECTIONS.iloc[[3, 1, 0, 2]])
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["v1", "v2", "v3"]),
            st.floats(-5, 90, allow_subnormal=False),
            st.floats(1e-9, 90, allow_subnormal=False),
        ),
        max_size=12,
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_times_are_clipped_to_the_video(tmp_path: Path, drawn: list) -> None:
    table = pd.DataFrame(
        {
            "video": [video for video, _, _ in drawn],
            "label": "run",
            "score": 0.5,
            "start": [start for _, start, _ in drawn],
            "end": [start + length for _, start, length in drawn],
        }
    )
    dropped = write_submission(tmp_path / "s.json", table, VIDEOS, False, "")
    assert check(tmp_path / "s.json") == []
    limit = table["video"].map(dict(zip(VIDEOS["video"], VIDEOS["duration"], strict=True)))
    inside = np.clip(table["start"], 0, limit) < np.clip(table["end"], 0, limit)
    assert dropped == (~inside).sum()


def test_detections_of_unknown_videos_are_listed_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"(?s)not in the subset.*v8.*v9"):
        write(tmp_path / "s.json", DETECTIONS.assign(video=["v9", "v1", "v8", "v9"]))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("column", ["score", "start", "end"])
def test_values_that_are_not_finite_are_refused(tmp_path: Path, column: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        write(tmp_path / "s.json", DETECTIONS.assign(**{column: [0.1, np.nan, 0.3, 0.4]}))
    assert list(tmp_path.iterdir()) == []
