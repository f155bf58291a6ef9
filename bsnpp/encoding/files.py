"""Find the files of videos in a folder."""

from collections.abc import Sequence
from pathlib import Path

from bsnpp.core.errors import Faults, UserError


def find_videos(folder: str | Path, videos: Sequence[str]) -> list[tuple[str, Path]]:
    """Find the file of each video: its id, with or without `v_`, and any suffix.

    Parameters
    ----------
    folder : str or Path
        Folder of the files, in itself or one folder deeper.
    videos : sequence of str
        Ids without `v_`.

    Returns
    -------
    list of (str, Path)
        Id and file, in the order of the ids.

    Raises
    ------
    UserError
        If the folder is missing, or with every video that has no file or several.
    """
    if not Path(folder).is_dir():
        raise UserError(f"{folder}: no such folder; it should hold one file per video")
    files: dict[str, list[Path]] = {}
    for path in sorted(Path(folder).glob("*")) + sorted(Path(folder).glob("*/*")):
        if path.is_file() and not path.name.startswith("."):
            files.setdefault(path.stem, []).append(path)
    faults = Faults(
        f"{folder}: videos without a file of their own", "Add them, or leave the videos out by `exclude`."
    )
    result = []
    for video in videos:
        found = [path for name in (f"v_{video}", video) for path in files.get(name, [])]
        if len(found) == 1:
            result.append((video, found[0]))
        elif found:
            faults.add(f"{video}: several files ({', '.join(path.name for path in found)}); keep one")
        else:
            faults.add(f"{video}: no file v_{video}.* or {video}.*")
    faults.raise_if_any()
    return result
