"""Read CSV tables with the column names of several publications."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from bsnpp.core.errors import Faults, UserError
from bsnpp.core.files import read_text
from bsnpp.core.wording import counted

DELIMITERS = ",\t;"


@dataclass(frozen=True)
class Table:
    """A table of text.

    Attributes
    ----------
    header : list of str
        Names of the columns.
    rows : list of (int, dict)
        Line in the file, from 1, and the cell of each column.
    """

    header: list[str]
    rows: list[tuple[int, dict[str, str]]]

    def required(self, path: str, meaning: str, names: Sequence[str]) -> str:
        """Return the column with one of these names.

        Raises
        ------
        UserError
            If there is none, or more than one.
        """
        column = column_of(self.header, names)
        if column is None:
            raise UserError(
                f"{path}: no column for the {meaning} ({' or '.join(names)}) in the first line: "
                f"{', '.join(self.header):.100}"
            )
        return column


def column_of(header: Sequence[str], names: Sequence[str]) -> str | None:
    """Return the first of these names that a header has, without regard to case, spaces, `_` and `-`.

    Examples
    --------
    >>> column_of(["video-name", "t-init"], ("video_name", "video"))
    'video-name'
    """
    plain = {_plain(column): column for column in reversed(header)}
    return next((plain[_plain(name)] for name in names if _plain(name) in plain), None)


def _plain(name: str) -> str:
    return "".join(character for character in name.strip().lower() if character not in " _-\"'#")


def read_table(path: str, content: str) -> Table:
    """Read a table with a header; its cells are separated by commas, tabs or semicolons.

    Parameters
    ----------
    path : str
        The file, optionally compressed with gzip.
    content : str
        What it should contain, for messages.

    Raises
    ------
    UserError
        If it is missing, unreadable or empty, or if a line does not have as many cells as the header.
    """
    text = read_text(path, content)
    if text.lstrip()[:1] in ("{", "["):
        raise UserError(f"{path}: looks like JSON; it should contain {content}")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[tuple[int, list[str]]] = []
    try:
        lines.extend((reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells))
    except csv.Error as error:
        raise UserError(f"{path}: line {reader.line_num}: {error}; it should contain {content}") from error
    if not lines:
        raise UserError(f"{path}: empty; it should contain {content}")
    header = [cell.strip() for cell in lines[0][1]]
    faults = Faults(f"{path}: cannot be read as a table", f"It should contain {content}.")
    faults.extend(
        f"line {number}: {counted(len(cells), 'cell')}, but the header has {len(header)}"
        for number, cells in lines[1:]
        if len(cells) != len(header)
    )
    faults.extend(
        f"column {name!r} occurs more than once" for name in sorted(set(header)) if header.count(name) > 1
    )
    faults.raise_if_any()
    return Table(header, [(number, dict(zip(header, cells, strict=True))) for number, cells in lines[1:]])
