"""Weighted fusion of the members' boundary and confidence maps (improvement A of the paper)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import numpy as np

from bsnpp.errors import Faults
from bsnpp.fusion.settings import FusionSettings
from bsnpp.grid import ProposalGrid
from bsnpp.inference.maps import ProposalMaps, open_member, write_maps

BATCH = 32
"""Videos in memory at a time, of one member: 4 MB at T = 100."""


def boundary_map(boundary: np.ndarray, grid: ProposalGrid) -> np.ndarray:
    """Probability that a proposal begins and ends at boundaries, M^b = H^s H^e (Eq. 2, cell reading).

    Parameters
    ----------
    boundary : np.ndarray
        Start and end probabilities of the cells, float (..., 2, T).
    grid : ProposalGrid
        The end of map cell (d, s) is that of cell s + d.

    Returns
    -------
    np.ndarray
        (..., V), the dtype of `boundary`.
    """
    if boundary.shape[-2:] != (2, grid.scale):
        raise ValueError(f"boundary must be (..., 2, {grid.scale}), not {boundary.shape}")
    return boundary[..., 0, grid.start_cell] * boundary[..., 1, grid.end_cell]


def fuse(
    members: Mapping[str, tuple[np.ndarray, np.ndarray]],
    weights: Mapping[str, float | np.ndarray],
    grid: ProposalGrid,
    how: Literal["boundary_map", "sequences"],
) -> tuple[np.ndarray, np.ndarray]:
    """Blend the maps of the members of n videos.

    Sums run in float64 in order of the members' names, and are rounded to float32 once. So, bit for bit, the
    order of the mapping changes nothing, one member is the identity, and copies of a member give that member.

    Parameters
    ----------
    members : mapping of str to (boundary, confidence)
        float32 (n, 2, T) start and end probabilities and (n, 2, V) classification and regression confidences.
    weights : mapping of str to float or np.ndarray (n,)
        Weight of each member, at least 0, for all videos or one for each; only their ratios count.
    grid : ProposalGrid
        T cells, D durations.
    how : {"boundary_map", "sequences"}
        Boundary maps before the mean (the paper), or the mean of the sequences first.

    Returns
    -------
    boundary : np.ndarray
        Fused start and end probabilities, float32 (n, 2, T).
    maps : np.ndarray
        Fused boundary, classification and regression maps, float32 (n, 3, V).

    Raises
    ------
    ValueError
        If members and weights do not name the same, or the weights of a video are negative or sum to 0.
    """
    names = sorted(members)
    if not names or names != sorted(weights):
        raise ValueError(f"members {names}, but weights of {sorted(weights)}")
    count = len(members[names[0]][0])
    columns = np.stack(
        [np.broadcast_to(np.asarray(weights[name], dtype=np.float64), count) for name in names]
    )
    total = columns.sum(axis=0)
    if (columns < 0).any() or not ((total > 0) & np.isfinite(total)).all():
        raise ValueError("weights must be at least 0 and finite, and one of each video above 0")
    shares = columns / total  # (members, n)
    boundary = np.zeros((count, 2, grid.scale))
    maps = np.zeros((count, 3, len(grid)))
    for name, share in zip(names, shares[:, :, None, None], strict=True):
        member_boundary, confidence = members[name]
        boundary += share * member_boundary
        maps[:, 1:] += share * confidence
        if how == "boundary_map":
            # Rounded to float32 first: else copies of one member could differ from it in the last bit.
            maps[:, 0] += share[:, 0] * boundary_map(member_boundary.astype(np.float32), grid)
    fused = boundary.astype(np.float32)
    if how == "sequences":
        maps[:, 0] = boundary_map(fused, grid)
    return fused, maps.astype(np.float32)


def fuse_files(
    paths: Mapping[str, str | Path], weights: Mapping[str, float], out: str | Path, settings: FusionSettings
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
    files = {name: open_member(paths[name]) for name in sorted(paths)}
    grid = _common_grid(files)
    videos = sorted({video for file in files.values() for video in file.videos})
    used = {name: file for name, file in files.items() if weights[name] > 0}
    incomplete = _check_missing(videos, used, settings)
    write_maps(out, grid, videos, _blended(videos, used, weights, grid, settings), "fused")
    return incomplete


def _common_grid(files: Mapping[str, ProposalMaps]) -> ProposalGrid:
    """The grid that all files share."""
    grids = {name: file.grid for name, file in files.items()}
    if len(set(grids.values())) > 1:
        faults = Faults("maps of different size cannot be blended", "run inference again at one scale")
        faults.extend(
            f"{files[name].path}: T = {grid.scale}, D = {grid.durations}" for name, grid in grids.items()
        )
        faults.raise_if_any()
    return next(iter(grids.values()))


def _check_missing(videos: list[str], used: Mapping[str, ProposalMaps], settings: FusionSettings) -> int:
    """Count the videos that a weighted member lacks; refuse them unless weights may be renormalised."""
    faults = Faults(
        "videos without maps of every member of the blend",
        "make their features, leave the member out, or set missing: renormalise",
    )
    incomplete = 0
    for video in videos:
        lacking = [name for name, file in used.items() if video not in file.rows]
        incomplete += bool(lacking)
        if len(lacking) == len(used) or (lacking and settings.missing == "error"):
            faults.add(f"{video}: missing in {', '.join(lacking)}")
    faults.raise_if_any()
    return incomplete


def _blended(
    videos: list[str],
    used: Mapping[str, ProposalMaps],
    weights: Mapping[str, float],
    grid: ProposalGrid,
    settings: FusionSettings,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Fused maps of consecutive batches of videos."""
    for first in range(0, len(videos), BATCH):
        batch = videos[first : first + BATCH]
        members = {}
        present = {}
        for name, file in used.items():
            here = np.array([video in file.rows for video in batch])
            members[name] = _read_present(file, batch, here)
            present[name] = np.where(here, weights[name], 0.0)
        yield fuse(members, present, grid, settings.maps)


def _read_present(file: ProposalMaps, batch: list[str], here: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Maps of a batch, zero for the videos that the member lacks: (n, 2, T) and (n, 2, V)."""
    rows = [file.rows[video] for video in batch if video in file.rows]
    found = file.read(rows)
    if here.all():
        return found
    boundary, confidence = (np.zeros((len(batch), *part.shape[1:]), dtype=np.float32) for part in found)
    boundary[here], confidence[here] = found
    return boundary, confidence
