"""Read and write the scores of one variant on one subset (JSON) and its resampled mAP (.npy)."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np

from bsnpp.core.checksum_forms import TRAILER
from bsnpp.core.checksums import checked_bytes, checked_file, checked_text, write_checked_text
from bsnpp.core.errors import UserError


def write_evaluation(path: str | Path, evaluation: dict[str, Any]) -> None:
    """Write the scores of a variant as JSON.

    Parameters
    ----------
    path : str or Path
        The file to write.
    evaluation : dict
        As `bsnpp.evaluation.summary.evaluation_summary` returns it.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    write_checked_text(path, json.dumps(evaluation, indent=1))


def read_evaluation(path: str | Path) -> dict[str, Any]:
    """Read the scores of a variant.

    Parameters
    ----------
    path : str or Path
        A file of `write_evaluation`.

    Returns
    -------
    dict
        As `bsnpp.evaluation.summary.evaluation_summary` returns it.

    Raises
    ------
    UserError
        If the file is missing or damaged.
    """
    text = checked_text(path)
    try:
        evaluation = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: cannot be read ({error}); remove it and run again") from error
    if not isinstance(evaluation, dict) or not {"variant", "subset"} <= evaluation.keys():
        raise UserError(f"{path}: not an evaluation of a variant; remove it and run again")
    return evaluation


def write_resamples(path: str | Path, resamples: np.ndarray) -> None:
    """Write resampled mAP.

    Parameters
    ----------
    path : str or Path
        The file to write (.npy).
    resamples : np.ndarray
        mAP of every resample at every threshold: float64 (R, n_thresholds).

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    with checked_file(path, TRAILER) as temporary, open(temporary, "wb") as file:
        np.save(file, resamples)


def read_resamples(path: str | Path) -> np.ndarray:
    """Read resampled mAP.

    Parameters
    ----------
    path : str or Path
        A file of `write_resamples`.

    Returns
    -------
    np.ndarray
        mAP of every resample at every threshold: float64 (R, n_thresholds).

    Raises
    ------
    UserError
        If the file is missing or damaged.
    """
    data = checked_bytes(path, TRAILER)
    try:
        return np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise UserError(f"{path}: cannot be read ({error}); remove it and run again") from error
