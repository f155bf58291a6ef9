"""Read features from CSV files, with or without a header and a column of row numbers."""

import warnings

import numpy as np

from bsnpp.core.errors import UserError

FEWEST_COUNTED = 3
"""Fewest cells of a line 0,1,2,... that is a header: a shorter one could as well be a snippet."""

FEWEST_ALIKE = 8
"""Fewest cells of a line 1,2,3,... or 0.0,1.0,2.0,... that is no snippet of any network."""


def read_csv(path: str) -> np.ndarray:
    """Read an array from comma-separated text.

    The first line is a header if none of its cells is a number (`f0,f1` or `# f0,f1`), or if it counts its
    cells, as pandas writes it (`0,1,2`). If the first name is empty, as in `,f0,f1`, the first column must
    number the rows, and is left out.

    Returns
    -------
    np.ndarray
        float32 (lines, columns).

    Raises
    ------
    UserError
        If the first line is neither a header nor a snippet, or could be both.
    ValueError
        If another line does not hold as many numbers as the first.
    """
    number, first, second = _first_lines(path)
    header = _is_header(first, second)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # no rows: the caller checks the length
        values = np.loadtxt(
            path,
            np.float32,
            comments=None,
            delimiter=",",
            skiprows=number if header else 0,
            ndmin=2,
            encoding="utf-8-sig",
        )
    return _without_row_numbers(values) if header and not first[0] else values


def _first_lines(path: str) -> tuple[int, list[str], list[str]]:
    """Return the number of the first line that is not blank, its cells, and those of the next one."""
    lines = []
    with open(path, encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                lines.append((number, [cell.strip() for cell in line.split(",")]))
            if len(lines) == 2:
                break
    (number, first), (_, second), *_ = [*lines, (1, [""]), (1, [""])]
    return number, first, second


def _is_header(first: list[str], second: list[str]) -> bool:
    names = first if first[0] else first[1:]  # an empty first name is that of the row numbers
    numbers = [_number(cell) for cell in names]
    if first[0].startswith("#") or all(number is None for number in numbers):
        return True
    if names != [str(index) for index in range(len(names))]:
        if None in numbers or not first[0]:
            raise UserError(f"the first line is neither a header nor a snippet: {','.join(first):.60}")
        if len(names) >= FEWEST_ALIKE and any(
            numbers == [float(index + start) for index in range(len(names))] for start in (0, 1)
        ):
            raise UserError(
                f"the first line, {','.join(first):.60}, looks like numbers of columns; use words as a "
                "header, such as f0,f1, or remove it"
            )
        return False
    if first[0] and _could_be_a_snippet(first, second):
        raise UserError(
            f"the first line, {','.join(first):.60}, could be a header or a snippet; use words as a header, "
            "such as f0,f1, or remove it and write numbers with a decimal point"
        )
    return True


def _could_be_a_snippet(first: list[str], second: list[str]) -> bool:
    """Check whether a line 0,1,2,... could be data: it is short, or the next line goes on or repeats it."""
    differences = {
        None if value is None else value - index for index, value in enumerate(map(_number, second))
    }
    return len(first) < FEWEST_COUNTED or differences <= {None} or differences in ({0.0}, {1.0}, {len(first)})


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _without_row_numbers(values: np.ndarray) -> np.ndarray:
    rows = np.arange(len(values))
    if not any(np.array_equal(values[:, 0], rows + first) for first in (0, 1)):
        raise UserError("the first column has no name and does not number the rows; give it a name")
    return values[:, 1:]
