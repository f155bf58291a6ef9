"""Optical flow of one video, as 8 bits, in one zip archive.

Members: `numbers.json`, which describes the video, with `shape` and `digest`; and 0, 1, ..., the flow of each
sampled frame, bytes (2, H, W), x before y. They are compressed without loss. (HDF5 can crash on a full disk.)
"""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.core.files import ZIP_FAULTS, whole_file

NUMBERS = "numbers.json"


def write_flow(
    path: str | Path,
    flows: Iterable[np.ndarray],
    digest: str,
    attributes: Callable[[], Mapping[str, float]],
) -> None:
    """Write the flow of a video as it comes; the same flow gives the same bytes.

    Parameters
    ----------
    path : str or Path
        The archive to write.
    flows : iterable of np.ndarray
        uint8 (H, W, 2) each, of one size.
    digest : str
        Changes with all that the flow depends on.
    attributes : callable
        Returns numbers to keep, by name; it is called after the last flow.

    Raises
    ------
    UserError
        If the archive cannot be written.
    """
    shape, count = (0, 0), 0
    try:
        with whole_file(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
            for flow in flows:
                shape = flow.shape[:2]
                _add(archive, str(count), flow.transpose(2, 0, 1).tobytes())
                count += 1
            content = {"digest": digest, "shape": [count, 2, *shape], **attributes()}
            _add(archive, NUMBERS, json.dumps(content).encode())
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error}); check the disk") from error


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add a member, without the time of day."""
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(member, data, compresslevel=1)


def read_flow_numbers(path: str | Path) -> dict[str, Any]:
    """Read what describes a video: numbers by name, `shape` and `digest`.

    Raises
    ------
    UserError
        If the archive is missing or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read(NUMBERS))
    except ZIP_FAULTS as error:
        raise UserError(
            f"{path}: not an archive of optical flow ({error}); delete it, and compute it again"
        ) from error


def holds_flow(path: str | Path, digest: str) -> bool:
    """Return whether an archive holds the whole flow of this digest."""
    try:
        return read_flow_numbers(path)["digest"] == digest
    except UserError:
        return False


def read_flow(path: str | Path) -> Iterator[np.ndarray]:
    """Yield the flow of each sampled frame, uint8 (H, W, 2).

    Raises
    ------
    UserError
        If the archive is missing or damaged.
    """
    count, *shape = read_flow_numbers(path)["shape"]
    try:
        with zipfile.ZipFile(path) as archive:
            for number in range(count):
                planes = np.frombuffer(archive.read(str(number)), np.uint8).reshape(shape)
                yield np.ascontiguousarray(planes.transpose(1, 2, 0))
    except ZIP_FAULTS as error:
        raise UserError(f"{path}: damaged optical flow ({error}); delete it, and compute it again") from error
