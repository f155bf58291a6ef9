"""Tables in seconds, and their files."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bsnpp.core.errors import UserError
from bsnpp.detection.decode import Proposals
from bsnpp.detection.labelling import Detections
from bsnpp.detection.tables import detections_table, proposals_table
from bsnpp.stores.detections import read_detections, read_proposals, write_detections, write_proposals

EXTENT = {"b": 10.0, "a": 80.0, "c": 3.0}
RESULTS = [
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
    pd.testing.assert_frame_equal(detections_table(RESULTS, EXTENT, ["jump", "run"]), EXPECTED)
    found = proposals_table(
        [(video, Proposals(each.segments, each.scores)) for video, each in RESULTS], EXTENT
    )
    pd.testing.assert_frame_equal(found, EXPECTED.drop(columns="label"))


@pytest.mark.parametrize("results", [[], RESULTS[1:2]])
def test_no_detections_make_an_empty_table_of_the_same_columns(tmp_path: Path, results: list) -> None:
    table = detections_table(results, EXTENT, ["jump", "run"])
    assert (table.dtypes == EXPECTED.dtypes).all() and len(table) == 0
    write_detections(tmp_path / "none.parquet", table)
    pd.testing.assert_frame_equal(read_detections(tmp_path / "none.parquet"), table)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "variant=A"  # a folder that looks like a partition
    write_detections(folder / "d.parquet", EXPECTED)
    pd.testing.assert_frame_equal(read_detections(folder / "d.parquet"), EXPECTED)
    write_proposals(folder / "p.parquet", EXPECTED)
    pd.testing.assert_frame_equal(read_proposals(folder / "p.parquet"), EXPECTED.drop(columns="label"))


def test_the_same_table_gives_the_same_bytes_whatever_its_index(tmp_path: Path) -> None:
    write_detections(tmp_path / "one.parquet", EXPECTED)
    write_detections(tmp_path / "two.parquet", EXPECTED.set_index(pd.Index([7, 3, 5])).assign(more=1))
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_proposals_are_no_detections(tmp_path: Path) -> None:
    write_proposals(tmp_path / "p.parquet", EXPECTED)
    with pytest.raises(UserError, match=r"p\.parquet: .*video, label, score, start, end"):
        read_detections(tmp_path / "p.parquet")


@pytest.mark.parametrize("content", [None, b"", b"no parquet", b"PAR1 no parquet PAR1"])
def test_a_missing_or_damaged_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "d.parquet").write_bytes(content)
    with pytest.raises(UserError, match=r"d\.parquet"):
        read_detections(tmp_path / "d.parquet")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted by Linux' /proc")
def test_reading_starts_no_thread_that_could_outlive_the_interpreter(tmp_path: Path) -> None:
    """In a process of its own, since threads of a pool stay: one that is left at exit may abort it."""
    write_detections(tmp_path / "detections.parquet", EXPECTED)
    code = (
        "import os; from bsnpp.stores.detections import read_detections; threads = lambda: "
        "len(os.listdir('/proc/self/task')); before = threads(); read_detections('detections.parquet'); "
        "assert threads() == before, (before, threads())"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
