"""Write the detections of new videos: as a submission or as a CSV table."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from bsnpp.bundle.manifest import Manifest
from bsnpp.core.errors import UserError
from bsnpp.stores.csv_tables import write_csv
from bsnpp.submission.writer import write_submission


def write_detections(
    path: str | Path, detections: pd.DataFrame, videos: pd.DataFrame, manifest: Manifest
) -> None:
    """Write the detections of all videos, in the format of the file's ending.

    Parameters
    ----------
    path : str or Path
        .json: a submission in the format of the challenge; .csv: a table with the columns video, label,
        score, start, end [s].
    detections : pd.DataFrame
        Columns video, label, score, start, end [s].
    videos : pd.DataFrame
        Columns video, duration [s].
    manifest : Manifest
        Of the bundle.

    Raises
    ------
    UserError
        If the ending is another one, or the file cannot be written.
    """
    WRITERS[checked_ending(path)](Path(path), detections, videos, manifest)


def checked_ending(path: str | Path) -> str:
    """Return the ending of an output file.

    Raises
    ------
    UserError
        If there is no such format.
    """
    ending = Path(path).suffix
    if ending not in WRITERS:
        raise UserError(f"{path}: unknown format; supported endings: {', '.join(WRITERS)}")
    return ending


def _write_json(path: Path, detections: pd.DataFrame, videos: pd.DataFrame, manifest: Manifest) -> None:
    details = manifest.external_data
    write_submission(path, detections, videos, bool(details), details)


def _write_csv(path: Path, detections: pd.DataFrame, videos: pd.DataFrame, manifest: Manifest) -> None:
    order = ["video", "score"]
    write_csv(path, detections.sort_values(order, ascending=[True, False], kind="stable"))


WRITERS: dict[str, Callable[[Path, pd.DataFrame, pd.DataFrame, Manifest], None]] = {
    ".json": _write_json,
    ".csv": _write_csv,
}
