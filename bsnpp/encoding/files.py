"""Find the files of videos in a folder."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bsnpp.core.errors import Faults, UserError

Video = tuple[str, Path]
"""Id and file of a video, or of its optical flow."""
Progress = Callable[[Iterable[Video], int], Iterable[Video]]
"""Wraps the loop over so many videos."""


def find_videos(folder: str | Path, videos: Sequence[str]) -> list[Video]:
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
    files = _by_stem(folder)
    faults = Faults(
        f"{folder}: videos without a file of their own", "Add them, or leave the videos out by `exclude`."
    )
    result = []
    for video in videos:
        paths = [path for name in (f"v_{video}", video) for path in files.get(name, [])]
        if len(paths) == 1:
            result.append((video, paths[0]))
        elif paths:
            faults.add(f"{video}: several files ({', '.join(path.name for path in paths)}); keep one")
        else:
            faults.add(f"{video}: no file v_{video}.* or {video}.*")
    faults.raise_if_any()
    return result


def listed_videos(folder: str | Path) -> list[Video]:
    """List the files of a folder, each as a video: its name without suffix, and without `v_`, is the id.

    Raises
    ------
    UserError
        If the folder is missing or empty, or with every id that has several files.
    """
    ids: dict[str, list[Path]] = {}
    for stem, paths in _by_stem(folder).items():
        ids.setdefault(stem.removeprefix("v_"), []).extend(paths)
    if not ids:
        raise UserError(f"{folder}: no file; it should hold one file per video")
    faults = Faults(f"{folder}: several files for one video", "Keep one of each.")
    faults.extend(
        f"{video}: {', '.join(path.name for path in paths)}" for video, paths in ids.items() if len(paths) > 1
    )
    faults.raise_if_any()
    return [(video, ids[video][0]) for video in sorted(ids)]


def files_of(folder: str | Path, videos: Iterable[str]) -> list[Path]:
    """Return all files that are named like one of the videos, sorted; none without the folder."""
    if not Path(folder).is_dir():
        return []
    files = _by_stem(folder)
    return sorted(path for video in videos for name in (f"v_{video}", video) for path in files.get(name, []))


def _by_stem(folder: str | Path) -> dict[str, list[Path]]:
    """Return the files in a folder and one folder deeper, by their name without suffix."""
    if not Path(folder).is_dir():
        raise UserError(f"{folder}: no such folder; it should hold one file per video")
    files: dict[str, list[Path]] = {}
    for path in sorted(Path(folder).glob("*")) + sorted(Path(folder).glob("*/*")):
        if path.is_file() and not path.name.startswith("."):
            files.setdefault(path.stem, []).append(path)
    return files
