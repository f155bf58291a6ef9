"""TODO bsnpp.stores.detections."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file

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
"""Columns of a table of detections: start and end in seconds."""


PROPOSALS = pa.schema([DETECTIONS.field(name) for name in ("video", "score", "start", "end")])
"""Columns of a table of proposals: start and end in seconds."""


def write_detections(path: str | Path, detections: pd.DataFrame) -> None:
    """Write detections as Parquet; the same table gives the same bytes.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    _write(path, detections, DETECTIONS)


def read_detections(path: str | Path) -> pd.DataFrame:
    """Read detections: columns video, label (str), score, start, end (float64, seconds).

    Raises
    ------
    UserError
        If the file is missing, damaged or of other columns.
    """
    return _read(path, DETECTIONS)


def write_proposals(path: str | Path, proposals: pd.DataFrame) -> None:
    """Write proposals as Parquet; the same table gives the same bytes.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    _write(path, proposals, PROPOSALS)


def read_proposals(path: str | Path) -> pd.DataFrame:
    """Read proposals: columns video (str), score, start, end (float64, seconds).

    Raises
    ------
    UserError
        If the file is missing, damaged or of other columns.
    """
    return _read(path, PROPOSALS)


def _write(path: str | Path, frame: pd.DataFrame, schema: pa.Schema) -> None:
    columns = [pa.array(frame[field.name].to_numpy()).cast(_plain(field.type)) for field in schema]
    arrays = [
        column.dictionary_encode() if pa.types.is_dictionary(field.type) else column
        for column, field in zip(columns, schema, strict=True)
    ]
    # Built by hand: a table made by pandas would carry its index and version into the bytes.
    table = pa.Table.from_arrays(arrays, schema=schema)
    with whole_file(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def _read(path: str | Path, schema: pa.Schema) -> pd.DataFrame:
    path = Path(path)
    if not path.exists():
        raise UserError(f"{path}: no such file; run the stage that makes it")
    try:
        # No threads: some outlive the interpreter, and it aborts although all is done (apache/arrow#34314).
        # A single file: read_table would take `video=...` in a folder's name for a column.
        with pq.ParquetFile(path, pre_buffer=False) as file:
            table = file.read(columns=schema.names, use_threads=False)
        # Plain strings: grouping by a categorical column would also show groups that have no row.
        plain = table.cast(pa.schema([(field.name, _plain(field.type)) for field in schema]))
        return plain.to_pandas(use_threads=False)
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        raise UserError(
            f"{path}: damaged, or not a table with the columns {', '.join(schema.names)} ({error}); "
            "delete it and run again"
        ) from error


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type of the values of a dictionary-encoded column, or the type itself."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind
