"""Copy the code at the start of a run, so that its jobs run what the digests describe.

An edit during a run does not reach the copy; it takes effect in the next run. Copies have names made of their
content, so byte code and compiled functions that Python and numba keep beside a copy never belong to other
code.
"""

import hashlib
import os
import shutil
from pathlib import Path

from bsnpp.core.errors import UserError

COPIED = ("bsnpp", "scripts")
"""Folders of the project that jobs run."""

KEPT = 8
"""Number of copies to keep. Jobs of an interrupted run may still use an earlier one."""


def code_files(root: Path) -> dict[str, bytes]:
    """Read the code of a project by path, without hidden files, backups and caches."""
    files = {}
    for place in COPIED:
        for folder, folders, names in os.walk(root / place):
            folders[:] = [name for name in folders if name != "__pycache__" and not name.startswith(".")]
            for name in names:
                if not name.startswith((".", "#")) and not name.endswith(("~", ".pyc")):
                    path = Path(folder, name)
                    files[path.relative_to(root).as_posix()] = path.read_bytes()
    return dict(sorted(files.items()))


def content_digest(files: dict[str, bytes]) -> str:
    """Return a digest of files and their names: 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def snapshot(root: Path, folder: Path) -> Path:
    """Copy the code of a project into a folder, or find the copy of an earlier run with the same code.

    Parameters
    ----------
    root : Path
        Folder of the project.
    folder : Path
        Folder for copies. The oldest are removed.

    Returns
    -------
    Path
        The copy, a subfolder that is named after the digest of its content.

    Raises
    ------
    UserError
        If the code cannot be read or copied.
    """
    try:
        files = code_files(root)
        copy = folder / content_digest(files)
        if copy.exists() and content_digest(code_files(copy)) != copy.name:
            shutil.rmtree(copy)  # edited by hand, or damaged
        if not copy.exists():
            _write(files, copy)
        os.utime(copy)
        for old in sorted(folder.iterdir(), key=os.path.getmtime)[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise UserError(f"{folder}: the code of this run cannot be copied there ({error})") from error
    return copy


def find_snapshot(root: Path, folder: Path, name: str | None) -> Path:
    """Find the copy that a run made, in a process that the run started elsewhere.

    Parameters
    ----------
    root : Path
        Folder of the project in this process.
    folder : Path
        Folder of the copies.
    name : str or None
        Name of the copy, None if the run did not pass it on.

    Returns
    -------
    Path
        The copy; without a shared file system, the project itself if it has the same code.

    Raises
    ------
    UserError
        If this code is not that of the run, or may not be.
    """
    if name is None:
        raise UserError("BSNPP_CODE is not set; let the executor pass the environment to its jobs")
    if (folder / name).is_dir():
        return folder / name
    if content_digest(code_files(root)) != name:
        raise UserError(f"{root}: not the code with which the run was started; start the run again")
    return root


def _write(files: dict[str, bytes], copy: Path) -> None:
    """Write files into a folder that is either complete or absent."""
    partial = copy.with_name(f".{copy.name}.{os.getpid()}.part")
    for name, content in files.items():
        path = partial / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    try:
        os.rename(partial, copy)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        if not copy.is_dir():  # otherwise, another Snakemake was faster
            raise
