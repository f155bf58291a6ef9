"""Lists of videos: text files with one id per line. An id may contain spaces."""

from collections.abc import Iterable
from pathlib import Path

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file


def write_video_list(path: str | Path, videos: Iterable[str]) -> None:
    """Write ids, one per line."""
    with whole_file(path) as temporary:
        temporary.write_text("".join(f"{video}\n" for video in videos), encoding="utf-8", newline="\n")


def read_video_list(path: str | Path) -> list[str]:
    """Read ids, one per line; blank lines are skipped.

    Raises
    ------
    UserError
        If the file is missing or is not UTF-8 text.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not a list of videos ({error}); remove it and run again") from error
    return [line for line in lines if line.strip()]
