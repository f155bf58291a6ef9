"""Files of maps, blended a few videos at a time (improvement A of the paper)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from bsnpp.core.errors import Faults
from bsnpp.core.grid import ProposalGrid
from bsnpp.fusion.blend import fuse
from bsnpp.fusion.settings import FusionSettings
from bsnpp.stores.maps import ProposalMaps, open_member, write_maps

BATCH = 32
"""Videos in memory at a time, of one member: 4 MB at T = 100."""


def fuse_files(
    paths: Mapping[str, str | Path],
    weights: Mapping[str, float],
    out: str | Path,
    settings: FusionSettings,
    expected: Iterable[str] = (),
) -> int:
    """Blend map files into a fused one, a few videos in memory at a time.

    Videos are matched by id. The fused file holds, sorted, every video that any member's file holds. Of a
    member of weight 0 only the list of videos is read.

    Parameters
    ----------
    paths : mapping of str to path
        Map file of each member.
    weights : mapping of str to float
        Weight of each member, from `bsnpp.fusion.weights`.
    out : str or Path
        The fused map file to make.
    settings : FusionSettings
        Keys `maps` and `missing`.
    expected : iterable of str
        Videos that the fused file must hold.

    Returns
    -------
    int
        Videos that were blended without all weighted members (0 unless `missing` is renormalise).

    Raises
    ------
    ValueError
        If paths and weights do not name the same members.
    UserError
        If a file is missing or damaged, the grids differ, or videos are missing.
    """
    if set(paths) != set(weights):
        raise ValueError(f"files of {sorted(paths)}, but weights of {sorted(weights)}")
    files = open_members(paths)
    videos = sorted({*expected, *(video for file in files.values() for video in file.videos)})
    used = {name: file for name, file in files.items() if weights[name] > 0}
    incomplete = check_missing(videos, used, settings)
    batches = fused_batches(videos, used, weights, settings)
    write_maps(out, common_grid(files), videos, ((boundary, maps) for _, boundary, maps in batches), "fused")
    return incomplete


def open_members(paths: Mapping[str, str | Path]) -> dict[str, ProposalMaps]:
    """Open the map files of a blend's members, in order of the names.

    Raises
    ------
    UserError
        If a file is missing or damaged, or the grids differ.
    """
    files = {name: open_member(paths[name]) for name in sorted(paths)}
    common_grid(files)
    return files


def common_grid(files: Mapping[str, ProposalMaps]) -> ProposalGrid:
    """The grid that all files share."""
    grids = {name: file.grid for name, file in files.items()}
    if len(set(grids.values())) > 1:
        faults = Faults("maps of different size cannot be blended", "run inference again at one scale")
        faults.extend(
            f"{files[name].path}: T = {grid.scale}, D = {grid.durations}" for name, grid in grids.items()
        )
        faults.raise_if_any()
    return next(iter(grids.values()))


def check_missing(videos: Sequence[str], used: Mapping[str, ProposalMaps], settings: FusionSettings) -> int:
    """Count the videos that a weighted member lacks; refuse them unless weights may be renormalised."""
    advice = ["make their features", "leave the member out"]
    if settings.missing == "error":
        advice.append("set missing: renormalise")
    faults = Faults("videos without maps of every member of the blend", " or ".join(advice))
    incomplete = 0
    for video in videos:
        lacking = [name for name, file in used.items() if video not in file.rows]
        incomplete += bool(lacking)
        if len(lacking) == len(used) or (lacking and settings.missing == "error"):
            faults.add(f"{video}: missing in {', '.join(lacking)}")
    faults.raise_if_any()
    return incomplete


def fused_batches(
    videos: Sequence[str],
    used: Mapping[str, ProposalMaps],
    weights: Mapping[str, float],
    settings: FusionSettings,
) -> Iterator[tuple[list[str], np.ndarray, np.ndarray]]:
    """Fuse consecutive batches of videos; memory does not grow with their number.

    Parameters
    ----------
    videos : sequence of str
        Each in one file at least.
    used : mapping of str to ProposalMaps
        Members of weight above 0; where one lacks a video the others' weights are scaled to sum 1.
    weights : mapping of str to float
        Weight of each of these.
    settings : FusionSettings
        Key `maps`.

    Yields
    ------
    tuple of list of str, np.ndarray, np.ndarray
        n videos, their boundary probabilities (n, 2, T) and fused maps (n, 3, V).
    """
    grid = common_grid(used)
    for first in range(0, len(videos), BATCH):
        batch = list(videos[first : first + BATCH])
        members = {}
        present = {}
        for name, file in used.items():
            here = np.array([video in file.rows for video in batch])
            members[name] = _read_present(file, batch, here)
            present[name] = np.where(here, weights[name], 0.0)
        yield batch, *fuse(members, present, grid, settings.maps)


def _read_present(file: ProposalMaps, batch: list[str], here: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Maps of a batch, zero for the videos that the member lacks: (n, 2, T) and (n, 2, V)."""
    rows = [file.rows[video] for video in batch if video in file.rows]
    found = file.read(rows)
    if here.all():
        return found
    boundary, confidence = (np.zeros((len(batch), *part.shape[1:]), dtype=np.float32) for part in found)
    boundary[here], confidence[here] = found
    return boundary, confidence
