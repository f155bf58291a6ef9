"""The videos of a run are those that its tables list."""

from pathlib import Path

import pandas as pd
import pytest

from bsnpp.core.errors import UserError
from bsnpp.encoding.inputs import missing_extra, videos_of_tables
from bsnpp.stores.tables import write_table


def test_each_video_of_the_tables_is_found_once(tmp_path: Path) -> None:
    for name in ("v_b.mp4", "a.mkv", "v_c.webm", "unlisted.mp4"):
        (tmp_path / name).touch()
    tables = [tmp_path / "training.tsv", tmp_path / "testing.tsv"]
    write_table(tables[0], pd.DataFrame({"video": ["c", "b"], "duration": [1.0, 2.0]}))
    write_table(tables[1], pd.DataFrame({"video": ["a", "b"], "duration": [3.0, 2.0]}))
    expected = [("a", tmp_path / "a.mkv"), ("b", tmp_path / "v_b.mp4"), ("c", tmp_path / "v_c.webm")]
    assert videos_of_tables(tmp_path, tables) == expected
    (tmp_path / "a.mkv").unlink()
    with pytest.raises(UserError, match=r"a: no file v_a\.\* or a\.\*"):
        videos_of_tables(tmp_path, tables)


def test_a_missing_library_is_named_with_its_extra() -> None:
    error = missing_extra(ModuleNotFoundError("No module named 'av'", name="av"))
    assert "pip install 'bsnpp[videos]'" in str(error) and "'av'" in str(error)
