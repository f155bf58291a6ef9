"""Tables of detections and proposals are read as they were written, and errors have clear messages."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from bsnpp.core.errors import UserError
from bsnpp.stores.detections import read_detections, read_proposals, write_detections, write_proposals

TABLE = pd.DataFrame(
    {
        "video": ["b", "b", "a"],
        "label": ["run", "jump", "run"],
        "score": [0.9, 0.1, 1 / 3],
        "start": [0.0, 2.5, 8.0],
        "end": [5.0, 10.0, 16.0],
    }
).astype({"video": "str", "label": "str"})


@pytest.mark.parametrize("rows", [3, 0])
def test_tables_are_read_as_written(tmp_path: Path, rows: int) -> None:
    folder = tmp_path / "variant=A"  # looks like a partition
    write_detections(folder / "d.parquet", TABLE[:rows])
    pd.testing.assert_frame_equal(read_detections(folder / "d.parquet"), TABLE[:rows])
    write_proposals(folder / "p.parquet", TABLE[:rows])
    pd.testing.assert_frame_equal(read_proposals(folder / "p.parquet"), TABLE[:rows].drop(columns="label"))


def test_the_same_table_with_another_index_gives_the_same_bytes(tmp_path: Path) -> None:
    write_detections(tmp_path / "one.parquet", TABLE)
    write_detections(tmp_path / "two.parquet", TABLE.set_index(pd.Index([7, 3, 5])).assign(more=1))
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_proposals_are_not_detections(tmp_path: Path) -> None:
    write_proposals(tmp_path / "p.parquet", TABLE)
    with pytest.raises(UserError, match=r"p\.parquet: .*video, label, score, start, end"):
        read_detections(tmp_path / "p.parquet")


@pytest.mark.parametrize("content", [None, b"", b"no parquet", b"PAR1 no parquet PAR1"])
def test_a_missing_or_damaged_file_is_reported(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "d.parquet").write_bytes(content)
    with pytest.raises(UserError, match=r"d\.parquet"):
        read_detections(tmp_path / "d.parquet")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads by /proc")
def test_reading_starts_no_thread_that_could_outlive_the_interpreter(tmp_path: Path) -> None:
    """Run in a new process, because the threads of a pool stay: one that is left at exit may abort it."""
    write_detections(tmp_path / "detections.parquet", TABLE)
    code = (
        "import os; from bsnpp.stores.detections import read_detections; threads = lambda: "
        "len(os.listdir('/proc/self/task')); before = threads(); read_detections('detections.parquet'); "
        "assert threads() == before, (before, threads())"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
