"""CSV files: a header is recognised, and a first line that could be a snippet is never dropped."""

from pathlib import Path

import numpy as np
import pytest

from bsnpp.core.errors import UserError
from bsnpp.features.csv_files import read_csv
from bsnpp.features.rescale import rescale
from bsnpp.features.streams import open_source
from tests.features.files import stream_of


def test_a_header_of_numbers_as_pandas_writes_it(tmp_path: Path) -> None:
    (tmp_path / "v_a.csv").write_text("0,1,2\n5,6,7\n8,9,10\n")
    sequence = open_source(stream_of(tmp_path)).read("a")
    assert rescale(sequence, 2).T.tolist() == [[5, 6, 7], [8, 9, 10]]


READ = {
    "names": ("f0,f1,f2\n5,6,7\n", [[5, 6, 7]]),
    "names after #": ("# f0,f1,f2\n5,6,7\n", [[5, 6, 7]]),
    "numbers after #": ("# 0,1,2\n5,6,7\n", [[5, 6, 7]]),
    "one name after #": ("#features\n5,6,7\n", [[5, 6, 7]]),
    "quoted numbers": ('"0","1","2"\n5,6,7\n', [[5, 6, 7]]),
    "numbers before decimals": ("0,1,2\n0.5,1.5,2.25\n", [[0.5, 1.5, 2.25]]),
    "row numbers": (",f0,f1,f2\n0,5,6,7\n1,8,9,10\n", [[5, 6, 7], [8, 9, 10]]),
    "row numbers from 1": (",f0,f1,f2\n1,5,6,7\n2,8,9,10\n", [[5, 6, 7], [8, 9, 10]]),
    "row numbers and numbers": (",0,1,2\n0,5,6,7\n1,8,9,10\n", [[5, 6, 7], [8, 9, 10]]),
    "row numbers and quoted names": (',"f0","f1"\n0,5,6\n', [[5, 6]]),
    "no header": ("5,6,7\n8,9,10\n", [[5, 6, 7], [8, 9, 10]]),
    "no header, counting from 1": ("1,2,3\n8,9,10\n", [[1, 2, 3], [8, 9, 10]]),
    "no header, counting in decimals": ("0.0,1.0,2.0\n3.0,4.0,5.0\n", [[0, 1, 2], [3, 4, 5]]),
    "no header, all 0": ("0,0,0\n0,0,0\n", [[0, 0, 0], [0, 0, 0]]),
    "one channel": ("0.0\n1\n", [[0], [1]]),
    "blank lines": ("\nf0,f1\n\n5,6\n\n", [[5, 6]]),
    "byte-order mark and names": ("\ufefff0,f1\n5,6\n", [[5, 6]]),
    "byte-order mark and numbers": ("\ufeff5,6\n7,8\n", [[5, 6], [7, 8]]),
    "blanks and Windows line ends": (" f0 , f1 \r\n 5 , 6 \r\n", [[5, 6]]),
}


@pytest.mark.parametrize("name", READ)
def test_what_is_read(tmp_path: Path, name: str) -> None:
    text, expected = READ[name]
    (tmp_path / "a.csv").write_bytes(text.encode())
    values = read_csv(str(tmp_path / "a.csv"))
    assert values.dtype == np.float32
    assert values.tolist() == expected


REFUSED = {
    "0,1,2 goes on": ("0,1,2\n3,4,5\n", "0,1,2, could be a header or a snippet"),
    "0,1,2 repeats": ("0,1,2\n0,1,2\n", "could be a header or a snippet"),
    "0,1,2 moves on by one": ("0,1,2\n1,2,3\n", "could be a header or a snippet"),
    "0,1,2 is the only line": ("0,1,2\n", "could be a header or a snippet"),
    "eight columns from 1": ("1,2,3,4,5,6,7,8\n" + "5," * 7 + "5\n", "looks like numbers of columns"),
    "eight columns in decimals": (
        "0.0,1.0,2.0,3.0,4.0,5.0,6.0,7.0\n" + "5," * 7 + "5\n",
        "looks like numbers of columns",
    ),
    "two columns": ("0,1\n5,6\n", "could be a header or a snippet"),
    "one column": ("0\n5\n", "could be a header or a snippet"),
    "a value is missing in the first line": (
        ",0.5,0.25\n1,2,3\n",
        "neither a header nor a snippet: ,0.5,0.25",
    ),
    "another value is missing there": ("0.5,,0.25\n1,2,3\n", "neither a header nor a snippet"),
    "a column of names": ("a,0.5,0.25\nb,2,3\n", "neither a header nor a snippet"),
    "an unnamed column of times": (",f0,f1\n0.5,1,2\n1.0,3,4\n", "does not number the rows"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(tmp_path: Path, name: str) -> None:
    text, message = REFUSED[name]
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(UserError, match=message):
        read_csv(str(tmp_path / "a.csv"))


@pytest.mark.parametrize("text", ["1,2\n3\n", "1;2\n3;4\n", "1,2\n3,x\n", "f0,f1\n1,2\nf0,f1\n3,4\n"])
def test_other_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(UserError, match=r"^a: .*a\.csv: cannot be read"):
        open_source(stream_of(tmp_path)).read("a")


@pytest.mark.parametrize("text", ["", "\n", "f0,f1,f2\n", "# f0,f1,f2\n\n"])
def test_no_rows(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(UserError, match=r"a\.csv: no snippets"):
        open_source(stream_of(tmp_path)).read("a")


def test_numbers_too_large_for_float32(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"1,2,3\n1e999,2,{'9' * 5000}\n")
    with pytest.raises(UserError, match="NaN or infinite in 1 of 2 snippets, the first is number 2"):
        open_source(stream_of(tmp_path)).read("a")
