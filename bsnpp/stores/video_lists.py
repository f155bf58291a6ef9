"""Lists of videos: text files with one id per line. An id may contain spaces."""

from collections.abc import Iterable
from pathlib import Path

from bsnpp.core.checksums import checked_text, write_checked_text


def write_video_list(path: str | Path, videos: Iterable[str]) -> None:
    """Write ids, one per line, with a checksum.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    write_checked_text(path, "".join(f"{video}\n" for video in videos))


def read_video_list(path: str | Path) -> list[str]:
    """Read ids, one per line; blank lines are skipped.

    Raises
    ------
    UserError
        If the file is missing, damaged, or not UTF-8 text.
    """
    return [line for line in checked_text(path).split("\n") if line.strip()]
