"""Read the fused maps of single videos or recordings."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from pydantic import Field

from bsnpp.core.settings import Settings
from bsnpp.features.scales import ScaleSettings
from bsnpp.reporting.video_maps import VideoMaps, confidence_of, recording_maps, video_maps
from bsnpp.stores.maps import ProposalMaps, open_fused
from bsnpp.stores.windows import by_recording, read_windows
from bsnpp.windows.cells import CellSettings


class MapSettings(Settings):
    """Settings that the maps of a video depend on."""

    generators: tuple[str, ...] = Field((), description="Name of each generator; none: no maps")
    scales: ScaleSettings | None = Field(
        None, description="How the scale of a video follows from its duration; by default there is one scale"
    )
    windows: CellSettings | None = Field(
        None, description="How recordings were cut into windows; by default maps are of whole videos"
    )


@dataclass(frozen=True)
class MapSource:
    """Fused maps of a subset.

    Attributes
    ----------
    settings : MapSettings
        Names of the generators, scales, windows.
    maps : sequence of (sequence of ProposalMaps)
        Fused maps of each generator, one file per scale.
    windows : DataFrame[window, video, start], optional
        Windows of the recordings, if they were cut.
    """

    settings: MapSettings
    maps: Sequence[Sequence[ProposalMaps]]
    windows: pd.DataFrame | None

    def of_video(self, video: str, duration: float, extent: float) -> list[VideoMaps]:
        """Read the maps of one video, of each generator that has any.

        Parameters
        ----------
        video : str
            Id of the video or recording.
        duration, extent : float
            Its duration, and the time that its features cover [s].
        """
        read = self._of_recording if self.windows is not None else self._of_whole
        maps_of_generators = (
            read(name, maps, video, duration, extent)
            for name, maps in zip(self.settings.generators, self.maps, strict=True)
        )
        return [one for one in maps_of_generators if one is not None]

    def _of_whole(
        self, name: str, files: Sequence[ProposalMaps], video: str, duration: float, extent: float
    ) -> VideoMaps | None:
        scales = self.settings.scales
        scale = files[0].grid.scale if scales is None else scales.of_duration(duration)
        maps = next((one for one in files if one.grid.scale == scale and video in one.rows), None)
        if maps is None:
            return None
        boundary, values = maps.read([maps.rows[video]])
        return video_maps(name, maps.grid, boundary[0], confidence_of(values[0]), extent)

    def _of_recording(
        self, name: str, files: Sequence[ProposalMaps], video: str, duration: float, extent: float
    ) -> VideoMaps | None:
        assert self.windows is not None and self.settings.windows is not None
        (maps,) = files
        table = self.windows[(self.windows["video"] == video) & self.windows["window"].isin(maps.rows)]
        for _, names, starts in by_recording(table):
            boundary, values = maps.read([maps.rows[window] for window in names])
            cell = self.settings.windows.cell_seconds
            return recording_maps(name, maps.grid, boundary, confidence_of(values), starts, extent, cell)
        return None


def open_map_source(settings: MapSettings, paths: Sequence[str], windows: str | None) -> MapSource:
    """Open the fused maps of a subset.

    Parameters
    ----------
    settings : MapSettings
        Names of the generators, scales, windows.
    paths : sequence of str
        Files of the fused maps: all scales of the first generator, then of the next.
    windows : str or None
        Table of the windows, if recordings are cut into windows.

    Raises
    ------
    UserError
        If a file is missing, damaged or has another layout.
    """
    maps = [open_fused(path) for path in paths]
    number = len(settings.generators)
    each = len(maps) // number if number else 0
    groups = [maps[index * each : (index + 1) * each] for index in range(number)]
    return MapSource(settings, groups, None if windows is None else read_windows(windows))
