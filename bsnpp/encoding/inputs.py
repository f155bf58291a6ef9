"""What the scripts of this stage share: the extra that they need, and the videos of a run."""

from collections.abc import Iterable
from pathlib import Path

from bsnpp.core.errors import UserError
from bsnpp.encoding.files import Video, find_videos
from bsnpp.stores.tables import read_table

EXTRA = "videos need the extra `videos`: pip install 'bsnpp[videos]'"


def missing_extra(error: ModuleNotFoundError) -> UserError:
    """Return the error for a library of the extra `videos` that is not installed."""
    return UserError(f"{EXTRA} ({error})")


def videos_of_tables(folder: str | Path, tables: Iterable[str | Path]) -> list[Video]:
    """Find the files of all videos that tables list, each video once, sorted by id.

    Parameters
    ----------
    folder : str or Path
        Folder of the video files.
    tables : iterable of (str or Path)
        Tables with a column `video`.

    Returns
    -------
    list of (str, Path)
        Id and file of each video.

    Raises
    ------
    UserError
        If a table cannot be read, the folder is missing, or with every video that has no file or several.
    """
    return find_videos(folder, sorted({str(name) for path in tables for name in read_table(path)["video"]}))
