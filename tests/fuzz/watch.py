"""Read files in another process, which may hang or crash, and say what is wrong with the outcome."""

import multiprocessing
import os
import sys
import traceback
import warnings
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from bsnpp.core.errors import UserError

SECONDS = 20.0
"""Longest time to read a file [s]."""

Read = Callable[[Path], object]


class Watched:
    """A process that reads files with one function; a context manager that ends it.

    Parameters
    ----------
    read : callable
        Reads a path: it returns, or raises `UserError`. A function that can be pickled.
    seconds : float
        Longest time to read a file [s].
    """

    def __init__(self, read: Read, seconds: float = SECONDS) -> None:
        self._read, self._seconds = read, seconds
        self._process: multiprocessing.process.BaseProcess | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def outcome(self, folder: Path, name: str, content: bytes) -> str:
        """Read a file of this content.

        Returns
        -------
        str
            Nothing for a result, "refused: " and a message that names the file, or what is wrong: another
            error, no answer, a crash, or files beside it that were changed or left behind.
        """
        path = folder / name
        path.write_bytes(content)
        before = _state(folder.parent)
        if self._process is None:
            self._start()
        self._pipe.send(str(path))
        if not self._pipe.poll(self._seconds):
            self._end()
            return f"no answer within {self._seconds:g} s"
        try:
            message = self._pipe.recv()
        except EOFError:
            self._end()
            return "the process crashed"
        if _state(folder.parent) != before:
            return f"files were changed or left behind: {sorted(set(_state(folder.parent)) ^ set(before))}"
        if message is None:
            return ""
        kind, text = message
        if kind != "UserError":
            return text
        if "Traceback" in text:
            return f"a traceback in the message: {text:.300}"
        return f"refused: {text}" if name in text else f"the message does not name the file: {text:.300}"

    def _start(self) -> None:
        """Start the process."""
        self._pipe, other = multiprocessing.Pipe()
        context = multiprocessing.get_context("forkserver")  # a fork of this process may have threads
        context.set_forkserver_preload(["tests.fuzz.formats"])
        self._process = context.Process(target=_serve, args=(self._read, other), daemon=True)
        self._process.start()
        other.close()

    def _end(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()
            self._process = None


def _serve(read: Read, pipe: Connection) -> None:
    """Read each path that arrives, and answer with the kind and the text of its error, or None."""
    warnings.simplefilter("ignore")
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    while True:
        path = Path(pipe.recv())
        os.chdir(path.parent)
        try:
            read(path)
        except UserError as error:
            pipe.send(("UserError", str(error)))
        except BaseException as error:
            pipe.send((type(error).__name__, traceback.format_exc()[-1500:]))
        else:
            pipe.send(None)


def _state(folder: Path) -> list[tuple[str, int, int]]:
    """List every file with its size and the time of its last change."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files)


def read_format(name: str) -> Read:
    """Return the reader of a format, which another process looks up by its name."""
    return partial(_read_format, name)


def _read_format(name: str, path: Path) -> None:
    from tests.fuzz.formats import FORMATS

    FORMATS[name].read(path)
