"""Read and write tables of videos and tables of instances (TSV)."""

from pathlib import Path
from typing import TYPE_CHECKING

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file

if TYPE_CHECKING:
    import pandas as pd


def write_table(path: str | Path, table: "pd.DataFrame") -> None:
    """Write a table of videos or instances. Floats are exact.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    with whole_file(path) as temporary:
        table.to_csv(temporary, sep="\t", index=False, lineterminator="\n")


def read_table(path: str | Path) -> "pd.DataFrame":
    """Read a table of videos or instances.

    Returns
    -------
    pd.DataFrame
        Columns video, subset and label as text, all others as float64.

    Raises
    ------
    UserError
        If the file is missing or is not a table of videos or instances.
    """
    import pandas as pd

    try:
        # As text first: a class may be called "NA", and Python's own parser reads floats exactly.
        table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)
        if "video" not in table:
            raise ValueError("no column video; columns are separated by tabs")
        return table.astype(dict.fromkeys(table.columns.difference(["video", "subset", "label"]), float))
    except FileNotFoundError as error:
        raise UserError(f"{path}: no such file; it should contain a table of videos or instances") from error
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: not a table of videos or instances ({error})") from error
