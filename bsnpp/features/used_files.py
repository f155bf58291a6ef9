"""Find the files of a stream that belong to some videos, so that other files in its folder do not matter."""

import os
from collections.abc import Iterable

from bsnpp.features.settings import StreamSource
from bsnpp.features.sources import ArraySource, open_arrays


class UsedFiles:
    """Find the files of videos in streams; each folder is listed once."""

    def __init__(self) -> None:
        self._folders: dict[StreamSource, ArraySource] = {}

    def of_videos(self, source: StreamSource, videos: Iterable[str]) -> list[str]:
        """Return the paths of all files that may hold the features of one of the videos, sorted.

        A folder has none for a video that it lacks, and several if two names of the video are there. HDF5
        files that hold several videos are returned as a whole.

        Raises
        ------
        UserError
            If a folder cannot be listed or holds no feature file.
        """
        if not os.path.isdir(source.path):
            return [source.path]
        if source not in self._folders:
            self._folders[source] = open_arrays(source)
        arrays = self._folders[source]
        names = dict.fromkeys(name for video in videos for name in source.names_of(video) if name in arrays)
        return sorted({file for name in names for file in arrays.files_of(name)})
