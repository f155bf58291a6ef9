"""Tables of windows: written and read without loss, and grouped by recording."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bsnpp.core.checksum_forms import TEXT
from bsnpp.core.checksums import checked_file
from bsnpp.core.errors import UserError
from bsnpp.stores.tables import write_table
from bsnpp.stores.windows import by_recording, read_windows


def table_of(rows: list[tuple[str, str, float, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["window", "video", "start", "end"])


def test_a_table_is_read_back_exactly(tmp_path: Path) -> None:
    table = table_of([("NA@0000", "NA", 0.0, 51.2), ("my video@0000", "my video", 0.1 + 0.2, 1 / 3)])
    write_table(tmp_path / "windows.tsv", table)
    pd.testing.assert_frame_equal(read_windows(tmp_path / "windows.tsv"), table)


def test_recordings_come_in_the_order_of_the_table() -> None:
    table = table_of([("b@0000", "b", 0.0, 4.0), ("b@0001", "b", 1.0, 5.0), ("a@0000", "a", 0.0, 4.0)])
    first, second = by_recording(table)
    assert (first.video, first.names, first.starts.tolist()) == ("b", ["b@0000", "b@0001"], [0.0, 1.0])
    assert (second.video, second.names, second.starts.tolist()) == ("a", ["a@0000"], [0.0])
    assert first.starts.dtype == np.float64


@pytest.mark.parametrize(
    "text", ["video\tduration\na\t1.0\n", "window\tvideo\tstart\tend\na@0\ta\tx\t1\n", "\x00\xff"]
)
def test_files_that_are_not_a_table_of_windows(tmp_path: Path, text: str) -> None:
    path = tmp_path / "windows.tsv"
    with checked_file(path, TEXT) as temporary:
        temporary.write_bytes(text.encode("latin-1"))
    with pytest.raises(UserError, match=rf"{path}: not a table of windows \(.*; remove it and run again"):
        read_windows(path)
