"""Read text files, and write files that are either complete or absent."""

import gzip
import hashlib
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bsnpp.core.errors import UserError

ZIP_FAULTS = (
    *(OSError, KeyError, ValueError, EOFError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
)
"""What is raised while a damaged zip archive is read, also if it seems encrypted or of a later version."""

OTHER_FILES = {
    b"\xff\xfe": "is UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "is UTF-16 text; save it as UTF-8",
    b"<!doctype html": "is a web page, perhaps of a download that failed",
    b"<html": "is a web page, perhaps of a download that failed",
    b"version https://git-lfs": "is a pointer of Git LFS, not the file itself; fetch it with `git lfs pull`",
}
"""What a file is instead of the expected one, by its first bytes in lower case."""


def other_kind(data: bytes) -> str | None:
    """Describe what a file is instead of the expected one, by its first bytes; None if that is not known.

    Examples
    --------
    >>> other_kind(b"<html><body>Not found</body></html>")
    'is a web page, perhaps of a download that failed'
    """
    start = data[:40].lower()
    return next((what for first, what in OTHER_FILES.items() if start.startswith(first)), None)


def read_text(path: str | Path, content: str) -> str:
    """Read a UTF-8 text file, compressed with gzip if its name ends in `.gz`.

    UTF-16 text, web pages and pointers of Git LFS are recognised: they are often found in place of the file.

    Parameters
    ----------
    path : str or Path
        The file to read.
    content : str
        What the file should contain, for error messages.

    Raises
    ------
    UserError
        If the file is missing or unreadable.
    """
    try:
        data = Path(path).read_bytes()
        data = gzip.decompress(data) if str(path).endswith(".gz") else data
        other = other_kind(data)
        if other is not None:
            raise UserError(f"{path}: {other}; it should contain {content}")
        return data.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise UserError(f"{path}: no such file; it should contain {content}") from error
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read ({error}); it should contain {content}") from error


def read_lines(path: str | Path, content: str) -> list[str]:
    """Read the lines of a text file that are not empty, without surrounding spaces.

    Raises
    ------
    UserError
        If the file is missing or unreadable, or contains JSON or XML.
    """
    text = read_text(path, content)
    if text.lstrip()[:1] in ("{", "[", "<"):
        raise UserError(f"{path}: begins with {text.lstrip()[0]!r}, but should contain {content}")
    return [line.strip() for line in text.splitlines() if line.strip()]


def content_digest(path: str | Path) -> str:
    """Return the BLAKE2b digest of the content of a file: 32 hexadecimal digits.

    Raises
    ------
    UserError
        If the file is missing or unreadable.
    """
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from error


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path next to `path`, and rename it to `path` if the block ends without an error.

    After an error, no temporary file is left and an existing file is unchanged. The temporary name contains
    the process id, so that a process whose parent was killed cannot write into the file of the next attempt.

    Raises
    ------
    UserError
        If the folder cannot be created or written to.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch()
    except OSError as error:
        raise UserError(
            f"{path}: cannot be written ({error.strerror}); check the folder's permissions"
        ) from error
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
