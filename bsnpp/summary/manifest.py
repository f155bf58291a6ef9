"""The manifest of a run: what determined its results, and checksums of what it wrote.

It contains no time and no absolute path, so that the same run on another day or in another folder writes the
same bytes.
"""

import csv
import hashlib
import io
import json
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bsnpp.core.checksums import checked_text
from bsnpp.core.errors import UserError
from bsnpp.core.files import read_text, whole_file

MANIFEST = "manifest.json"

PACKAGES = (
    "bsnpp",
    "h5py",
    "matplotlib",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "safetensors",
    "scikit-learn",
    "scipy",
    "snakemake",
    "torch",
)
"""Packages whose versions may change results or figures."""


def package_versions() -> dict[str, str]:
    """Return the version of Python and of each installed package of `PACKAGES`."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue  # an optional package
    return versions


def checksums(paths: Sequence[str | Path], results: str | Path) -> dict[str, str]:
    """Return the SHA-256 of each file by its path relative to the results folder, sorted.

    Raises
    ------
    UserError
        If a file cannot be read.
    """
    return {relative(path, results): checksum(path) for path in sorted(map(str, paths))}


def checksum(path: str | Path) -> str:
    """Return the SHA-256 of a file.

    Raises
    ------
    UserError
        If it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from error


def input_checksums(
    uses: Sequence[str], paths: Sequence[str], features: Sequence[str], results: str | Path
) -> dict[str, Any]:
    """Return the SHA-256 of each input file by its use, and one digest for each feature manifest.

    Raises
    ------
    UserError
        If a file cannot be read.
    """
    files = {use: checksum(path) for use, path in zip(uses, paths, strict=True)}
    return files | {relative(path, results): feature_digest(path) for path in features}


def feature_digest(path: str | Path) -> dict[str, Any]:
    """Summarise the features that a feature manifest lists, wherever they are.

    Parameters
    ----------
    path : str or Path
        CSV of `bsnpp.features.manifest.write_manifest`.

    Returns
    -------
    dict
        `rows` (videos times streams), and `sha256`: one digest of all videos, streams and checksums, in
        sorted order.

    Raises
    ------
    UserError
        If the file cannot be read or is no such manifest.
    """
    rows = list(csv.DictReader(io.StringIO(checked_text(path), newline="")))
    try:
        listed = sorted((row["video"], row["stream"], row["sha256"]) for row in rows)
    except KeyError as error:
        raise UserError(f"{path}: no column {error}; remove the file and run again") from error
    return {"rows": len(listed), "sha256": hashlib.sha256(json.dumps(listed).encode()).hexdigest()}


def relative(path: str | Path, results: str | Path) -> str:
    """Return a path relative to the results folder, with slashes."""
    return Path(os.path.relpath(path, results)).as_posix()


def without_folders(value: Any, root: str | Path) -> Any:
    """Replace absolute paths in nested dictionaries and lists.

    Parameters
    ----------
    value : JSON value
        Texts, numbers, lists and dictionaries.
    root : str or Path
        Absolute folder of the project.

    Returns
    -------
    JSON value
        The same, with paths in the folder relative to it, and only the name of any other absolute path.
    """
    if isinstance(value, Mapping):
        return {key: without_folders(item, root) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_folders(item, root) for item in value]
    if not isinstance(value, str) or not os.path.isabs(value):
        return value
    path = Path(value)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def write_manifest(path: str | Path, manifest: Mapping[str, Any]) -> None:
    """Write a manifest. The same content always gives the same bytes.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    with whole_file(path) as temporary:
        text = json.dumps(manifest, indent=1, allow_nan=False, ensure_ascii=False)
        temporary.write_text(text + "\n", encoding="utf-8")


def read_manifest(path: str | Path) -> dict[str, Any]:
    """Read the manifest of a run.

    Parameters
    ----------
    path : str or Path
        The manifest, or the results folder that contains it.

    Raises
    ------
    UserError
        If the file is missing or is not a manifest.
    """
    path = Path(path) / MANIFEST if Path(path).is_dir() else Path(path)
    try:
        manifest = json.loads(read_text(path, "the manifest of a run"))
    except ValueError as error:
        raise UserError(f"{path}: not valid JSON ({error}); it should be the manifest of a run") from error
    if not isinstance(manifest, dict) or not {"challenge", "configuration", "files"} <= manifest.keys():
        raise UserError(f"{path}: not the manifest of a run; name a results folder or its {MANIFEST}")
    return manifest
