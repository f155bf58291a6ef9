"""Read and write tables of results (CSV)."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bsnpp.core.checksum_forms import TEXT
from bsnpp.core.checksums import checked_bytes, checked_file
from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file

if TYPE_CHECKING:
    import pandas as pd


def write_csv(
    path: str | Path, table: "pd.DataFrame", decimals: int | None = None, checked: bool = False
) -> None:
    """Write a table. Missing values become empty cells.

    Parameters
    ----------
    path : str or Path
        The file to write.
    table : pd.DataFrame
        Any table; its index is not written.
    decimals : int, optional
        Number of decimals of every float. Default: all digits.
    checked : bool
        Whether the table gets a checksum, as blank lines at its end.
    """
    float_format = None if decimals is None else f"%.{decimals}f"
    with checked_file(path, TEXT) if checked else whole_file(path) as temporary:
        table.to_csv(temporary, index=False, float_format=float_format, lineterminator="\n")


def read_csv(path: str | Path, names: Sequence[str] = (), checked: bool = False) -> "pd.DataFrame":
    """Read a table of `write_csv`.

    Parameters
    ----------
    path : str or Path
        The file to read.
    names : sequence of str
        Columns to read as text, because a name may be "NA" or "true". The types of the other columns are
        inferred. An empty cell is a missing value in all columns.
    checked : bool
        Whether the table must have a checksum, which is verified.

    Raises
    ------
    UserError
        If the file is missing or damaged, or is not a CSV table.
    """
    import pandas as pd

    content = io.BytesIO(checked_bytes(path, TEXT)) if checked else path
    try:
        return pd.read_csv(content, dtype=dict.fromkeys(names, str), keep_default_na=False, na_values=[""])
    except FileNotFoundError as error:
        raise UserError(f"{path}: no such file; it should contain a table of results") from error
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: not a CSV table ({error}); remove it and run again") from error
