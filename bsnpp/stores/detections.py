"""Read and write tables of detections and of proposals (Parquet)."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bsnpp.core.checksum_forms import ROOM, SLOT
from bsnpp.core.checksums import checked_bytes, checked_file
from bsnpp.core.errors import UserError

_STRING = pa.dictionary(pa.int32(), pa.string())

DETECTIONS = pa.schema(
    [
        ("video", _STRING),
        ("label", _STRING),
        ("score", pa.float64()),
        ("start", pa.float64()),
        ("end", pa.float64()),
    ]
)
"""Columns of a table of detections; start and end [s]."""


PROPOSALS = pa.schema([DETECTIONS.field(name) for name in ("video", "score", "start", "end")])
"""Columns of a table of proposals; start and end [s]."""


def write_detections(path: str | Path, detections: pd.DataFrame) -> None:
    """Write a table of detections. The same table gives the same bytes.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    _write(path, detections, DETECTIONS)


def read_detections(path: str | Path) -> pd.DataFrame:
    """Read a table of detections.

    Returns
    -------
    pd.DataFrame
        Columns video and label (text), score, start and end (float64) [s].

    Raises
    ------
    UserError
        If the file is missing, damaged or has other columns.
    """
    return _read(path, DETECTIONS)


def write_proposals(path: str | Path, proposals: pd.DataFrame) -> None:
    """Write a table of proposals. The same table gives the same bytes.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    _write(path, proposals, PROPOSALS)


def read_proposals(path: str | Path) -> pd.DataFrame:
    """Read a table of proposals.

    Returns
    -------
    pd.DataFrame
        Columns video (text), score, start and end (float64) [s].

    Raises
    ------
    UserError
        If the file is missing, damaged or has other columns.
    """
    return _read(path, PROPOSALS)


def _write(path: str | Path, frame: pd.DataFrame, schema: pa.Schema) -> None:
    columns = [pa.array(frame[field.name].to_numpy()).cast(_plain(field.type)) for field in schema]
    arrays = [
        column.dictionary_encode() if pa.types.is_dictionary(field.type) else column
        for column, field in zip(columns, schema, strict=True)
    ]
    # Not from pandas, which would write its index and its version into the file.
    table = pa.Table.from_arrays(arrays, schema=schema.with_metadata({"checksum": ROOM}))
    with checked_file(path, SLOT) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def _read(path: str | Path, schema: pa.Schema) -> pd.DataFrame:
    data = checked_bytes(path, SLOT)
    try:
        # Threads may outlive the interpreter, which then aborts at exit (apache/arrow#34314).
        with pq.ParquetFile(pa.BufferReader(data), pre_buffer=False) as file:
            table = file.read(columns=schema.names, use_threads=False)
        # Grouping by a categorical column would also show groups without rows.
        plain = table.cast(pa.schema([(field.name, _plain(field.type)) for field in schema]))
        return plain.to_pandas(use_threads=False)
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        raise UserError(
            f"{path}: damaged, or not a table with the columns {', '.join(schema.names)} ({error}); "
            "remove it and run again"
        ) from error


def _plain(kind: pa.DataType) -> pa.DataType:
    """Return the type of the values of a dictionary-encoded column, or else the type itself."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind
