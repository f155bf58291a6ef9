"""Fuse map files in batches of videos (improvement A of the paper)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bsnpp.core.errors import Faults, UserError
from bsnpp.core.grid import ProposalGrid
from bsnpp.fusion.blend import fuse
from bsnpp.fusion.blend_settings import BlendSettings
from bsnpp.fusion.map_calibration import MapCalibration, read_map_calibrations
from bsnpp.stores.maps import ProposalMaps, open_member, write_maps

BATCH = 32
"""Videos of one member in memory at a time: 4 MB at T = 100."""


def fuse_files(
    paths: Mapping[str, str | Path],
    weights: Mapping[str, float],
    out: str | Path,
    settings: BlendSettings,
    expected: Iterable[str] = (),
    calibrations: str | Path | None = None,
) -> int:
    """Fuse map files into one, with a few videos in memory at a time.

    Videos are matched by id. The fused file contains the videos of all members, sorted. For members of weight
    0 only the list of videos is read.

    Parameters
    ----------
    paths : mapping of str to path
        Map file of each member.
    weights : mapping of str to float
        Weight of each member, in [0, 1].
    out : str or Path
        The fused map file to write.
    settings : BlendSettings
        Both keys.
    expected : iterable of str
        Videos that the fused file must contain.
    calibrations : str or Path, optional
        Calibrations of the members' confidences; see `open_members`.

    Returns
    -------
    int
        Number of videos that some weighted member lacks (0 unless `missing` is renormalise).

    Raises
    ------
    ValueError
        If paths and weights differ in members.
    UserError
        If a file is missing or damaged, the grids differ, or videos are missing.
    """
    if set(paths) != set(weights):
        raise ValueError(f"maps of {sorted(paths)}, but weights of {sorted(weights)}")
    files = open_members(paths, calibrations)
    videos = sorted({*expected, *(video for file in files.values() for video in file.videos)})
    used = {name: file for name, file in files.items() if weights[name] > 0}
    incomplete = check_missing(videos, used, settings)
    batches = fused_batches(videos, used, weights, settings)
    write_maps(out, common_grid(files), videos, ((boundary, maps) for _, boundary, maps in batches), "fused")
    return incomplete


def open_members(
    paths: Mapping[str, str | Path], calibrations: str | Path | None = None
) -> dict[str, ProposalMaps]:
    """Open the map files of the members of a blend, sorted by name.

    Parameters
    ----------
    paths : mapping of str to path
        Map file of each member.
    calibrations : str or Path, optional
        File of the calibration of each member; confidences are then calibrated when they are read.

    Raises
    ------
    UserError
        If a file is missing or damaged, the grids differ, or the calibrations are of other members.
    """
    files = {name: open_member(paths[name]) for name in sorted(paths)}
    common_grid(files)
    if calibrations is None:
        return files
    fitted = read_map_calibrations(calibrations)
    if set(fitted) != set(files):
        raise UserError(
            f"{calibrations}: calibrates {', '.join(sorted(fitted))}, but the members are "
            f"{', '.join(files)}; delete it and run again"
        )
    return {
        name: CalibratedMaps(file.path, file.kind, file.grid, file.videos, fitted[name])
        for name, file in files.items()
    }


@dataclass(frozen=True)
class CalibratedMaps(ProposalMaps):
    """A map file of a member whose confidences are calibrated when they are read."""

    calibration: MapCalibration

    def read(self, indices: Sequence[int] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Read the maps of some videos; see `ProposalMaps.read`."""
        boundary, confidence = super().read(indices)
        return boundary, self.calibration(confidence)


def common_grid(files: Mapping[str, ProposalMaps]) -> ProposalGrid:
    """Return the grid of all files.

    Raises
    ------
    UserError
        If the grids differ.
    """
    grids = {name: file.grid for name, file in files.items()}
    if len(set(grids.values())) > 1:
        faults = Faults("maps of different sizes cannot be fused", "Predict them again at one scale.")
        faults.extend(
            f"{files[name].path}: T = {grid.scale}, D = {grid.durations}" for name, grid in grids.items()
        )
        faults.raise_if_any()
    return next(iter(grids.values()))


def check_missing(videos: Sequence[str], used: Mapping[str, ProposalMaps], settings: BlendSettings) -> int:
    """Count the videos that a weighted member lacks.

    Raises
    ------
    UserError
        Lists the videos that no weighted member has, or, if `missing` is error, that any of them lacks.
    """
    renormalise = ", or set `fusion.missing` to renormalise" if settings.missing == "error" else ""
    advice = f"Extract their features, remove the member{renormalise}."
    faults = Faults("videos without maps of every member of the blend", advice)
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
    settings: BlendSettings,
) -> Iterator[tuple[list[str], np.ndarray, np.ndarray]]:
    """Fuse consecutive batches of videos, with constant memory.

    Parameters
    ----------
    videos : sequence of str
        Videos to fuse, each in at least one file.
    used : mapping of str to ProposalMaps
        Members of weight above 0. For a video that some lack, the weights of the others are scaled to sum 1.
    weights : mapping of str to float
        Weight of each of these members.
    settings : BlendSettings
        Key `maps`.

    Yields
    ------
    videos : list of str
        n videos.
    boundary : np.ndarray
        Their start and end probabilities, float32 (n, 2, T).
    maps : np.ndarray
        Their fused maps, float32 (n, 3, V).
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
    """Read the maps of a batch, with zeros for videos that the member lacks: (n, 2, T) and (n, 2, V)."""
    rows = [file.rows[video] for video in batch if video in file.rows]
    present = file.read(rows)
    if here.all():
        return present
    boundary, confidence = (np.zeros((len(batch), *part.shape[1:]), dtype=np.float32) for part in present)
    boundary[here], confidence[here] = present
    return boundary, confidence
