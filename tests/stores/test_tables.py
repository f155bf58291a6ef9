"""Tables of videos and instances: exact on disk, with clear errors."""

from pathlib import Path

import pandas as pd
import pytest

from bsnpp.core.checksums import write_checked_text
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
    write_checked_text(tmp_path / "t.tsv", "video\tstart\na\tsoon\n")
    with pytest.raises(UserError, match=r"t\.tsv: not a table"):
        read_table(tmp_path / "t.tsv")


def test_a_table_without_videos_is_reported(tmp_path: Path) -> None:
    (tmp_path / "annotations.json").write_text('{"database": {}}')
    with pytest.raises(UserError, match=r"annotations\.json: not a table of videos.*no column video"):
        read_table(tmp_path / "annotations.json", required=False)


def test_a_table_that_a_user_may_bring_needs_no_checksum(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text("video\tduration\na\t2\n")
    assert read_table(path, required=False)["duration"].tolist() == [2.0]
    with pytest.raises(UserError, match=r"t\.tsv: .* it has no checksum"):
        read_table(path)


def test_a_changed_copy_says_how_to_use_it(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    write_table(path, pd.DataFrame({"video": ["a"], "duration": [2.0]}))
    path.write_bytes(path.read_bytes().replace(b"2.0", b"3.0"))
    for required, advice in ((True, "remove it and run again"), (False, "remove the blank lines at its end")):
        with pytest.raises(UserError, match=rf"t\.tsv: damaged, or changed by hand.*{advice}"):
            read_table(path, required)
    path.write_text(path.read_text().strip())
    assert read_table(path, required=False)["duration"].tolist() == [3.0]
