"""Tables of videos and instances: exact on disk, with clear errors."""

from pathlib import Path

import pandas as pd
import pytest

from bsnpp.core.errors import UserError
from bsnpp.stores.tables import read_table, write_table


def test_tables_read_back_exactly(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "video": ["1", "NA", "é"],
            "start": [0.1 + 0.2, 1e-17, 82.730000000000004],
            "label": ["None", 'a "b"', "1.0"],
        }
    )
    write_table(tmp_path / "t.tsv", table)
    pd.testing.assert_frame_equal(read_table(tmp_path / "t.tsv"), table, check_exact=True)
    write_table(tmp_path / "t.tsv", table[:0])
    assert read_table(tmp_path / "t.tsv")["start"].dtype == float
    with pytest.raises(UserError, match="no such file"):
        read_table(tmp_path / "none.tsv")
    (tmp_path / "t.tsv").write_text("video\tstart\na\tsoon\n")
    with pytest.raises(UserError, match=r"t\.tsv: not a table"):
        read_table(tmp_path / "t.tsv")


def test_a_table_without_videos_is_reported(tmp_path: Path) -> None:
    (tmp_path / "annotations.json").write_text('{"database": {}}')
    with pytest.raises(UserError, match=r"annotations\.json: not a table of videos.*no column video"):
        read_table(tmp_path / "annotations.json")
