"""CSV tables of results: exact floats, rounded floats, and names that look like missing values."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bsnpp.core.errors import UserError
from bsnpp.stores.csv_tables import read_csv, write_csv

NAMES = ["NA", "null", "None", "nan", "true", "False"]


@pytest.mark.parametrize("names", [NAMES, ["true", "False"], ["NA"]])
def test_every_name_survives(tmp_path: Path, names: list[str]) -> None:
    table = pd.DataFrame(
        {"variant": names, "step_from": [None, *names[1:]], "gain": [np.nan, *[0.5] * 5][: len(names)]}
    )
    write_csv(tmp_path / "table.csv", table)
    read = read_csv(tmp_path / "table.csv", ["variant", "step_from", "label"])
    assert read["variant"].tolist() == names
    assert read["step_from"].isna().tolist() == [True] + [False] * (len(names) - 1)
    assert read["step_from"].tolist()[1:] == names[1:]
    assert read["gain"].dtype == np.float64 and np.isnan(read["gain"][0])


def test_a_column_named_like_a_missing_value_survives(tmp_path: Path) -> None:
    write_csv(tmp_path / "table.csv", pd.DataFrame({"NA": [1.5], "null": [True]}))
    assert read_csv(tmp_path / "table.csv").to_dict("list") == {"NA": [1.5], "null": [True]}


def test_floats_are_exact_or_rounded(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"name": ["a", "b"], "value": [1 / 3, np.nan], "count": [1, 2], "good": [True, False]}
    )
    write_csv(tmp_path / "exact.csv", table)
    write_csv(tmp_path / "rounded.csv", table, decimals=4)
    lines = "name,value,count,good\na,{},1,True\nb,,2,False\n"
    assert (tmp_path / "exact.csv").read_text() == lines.format(repr(1 / 3))
    assert (tmp_path / "rounded.csv").read_text() == lines.format("0.3333")


@pytest.mark.parametrize("content", [None, "", "a\n1,2,3\n4\n5,6\n1,2,3,4\n"])
def test_a_missing_or_damaged_file_is_reported(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "table.csv").write_text(content)
    with pytest.raises(UserError, match=r"table\.csv"):
        read_csv(tmp_path / "table.csv")
