"""Read and write tables of videos and tables of instances (TSV)."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from bsnpp.core.checksum_forms import TEXT
from bsnpp.core.checksums import checked_bytes, checked_file
from bsnpp.core.errors import UserError

if TYPE_CHECKING:
    import pandas as pd


def write_table(path: str | Path, table: "pd.DataFrame") -> None:
    """Write a table of videos or instances, with a checksum. Floats are exact.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    with checked_file(path, TEXT) as temporary:
        table.to_csv(temporary, sep="\t", index=False, lineterminator="\n")


def read_table(path: str | Path, required: bool = True) -> "pd.DataFrame":
    """Read a table of videos or instances.

    Parameters
    ----------
    path : str or Path
        The file to read.
    required : bool
        Whether a table without a checksum is refused; else it is taken for one that a user made.

    Returns
    -------
    pd.DataFrame
        Columns video, subset and label as text, all others as float64.

    Raises
    ------
    UserError
        If the file is missing, damaged, or not a table of videos or instances.
    """
    import pandas as pd

    data = checked_bytes(path, TEXT, required)
    try:
        # As text first: a class may be called "NA", and Python's own parser reads floats exactly.
        table = pd.read_csv(io.BytesIO(data), sep="\t", dtype=str, keep_default_na=False)
        if "video" not in table:
            raise ValueError("no column video; columns are separated by tabs")
        return table.astype(dict.fromkeys(table.columns.difference(["video", "subset", "label"]), float))
    except ValueError as error:
        raise UserError(f"{path}: not a table of videos or instances ({error})") from error
