"""Write folders that are either complete or absent."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bsnpp.core.errors import UserError


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """Yield a temporary folder next to `path`, and rename it to `path` if the block ends without an error.

    After an error, no temporary folder is left.

    Raises
    ------
    UserError
        If `path` exists, or the folder cannot be written.
    """
    path = Path(path)
    if path.exists() or path.is_symlink():
        raise UserError(f"{path}: exists already; remove it, or choose another name")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.mkdir(parents=True)
        yield temporary
        temporary.rename(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}); check the folder") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
