"""Import the streams of one encoder, join them, and sample every window of every recording at its cells."""

from collections.abc import Iterator, Sequence

import numpy as np

from bsnpp.core.commandline import command_line, progress, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.features.importers import StreamReader, open_source
from bsnpp.features.settings import StreamSource
from bsnpp.stores.features import write_features
from bsnpp.stores.tables import read_table, read_windows
from bsnpp.windows.cutting import window_features
from bsnpp.windows.recordings import import_recordings
from bsnpp.windows.settings import WindowSettings
from bsnpp.windows.tables import by_recording

Recording = tuple[str, list[str], np.ndarray]


class FeatureSettings(Settings):
    """What this script reads."""

    streams: tuple[StreamSource, ...]
    windows: WindowSettings


def main() -> None:
    """Parse the command line and write the features."""
    parser = command_line(__doc__)
    parser.add_argument("--encoder", required=True, help="name of the encoder")
    parser.add_argument("--videos", required=True, help="table of the recordings")
    parser.add_argument("--windows", required=True, help="table of their windows")
    parser.add_argument("--features", required=True, help="HDF5 file to write")
    parser.add_argument("--settings", required=True, help="JSON: streams, windows")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, FeatureSettings)
    table = read_windows(arguments.windows)
    videos = read_table(arguments.videos)
    extents = dict(zip(videos["video"], videos["extent"], strict=True))
    readers = [open_source(stream) for stream in settings.streams]
    items = _features(readers, list(by_recording(table)), extents, settings.windows)
    channels = sum(stream.channels for stream in settings.streams)
    cells = settings.windows.cells
    write_features(arguments.features, arguments.encoder, cells, channels, items, table["window"].tolist())


def _features(
    readers: Sequence[StreamReader],
    recordings: Sequence[Recording],
    extents: dict[str, float],
    settings: WindowSettings,
) -> Iterator[tuple[str, np.ndarray]]:
    """Every window with its features, recording by recording."""
    chosen = {video: extents[video] for video, _, _ in recordings}
    sequences = import_recordings(
        readers, chosen, settings, lambda items: progress(items, len(chosen), "recordings")
    )
    for (video, sequence), (_, names, starts) in zip(sequences, recordings, strict=True):
        yield from zip(names, window_features(sequence, starts, extents[video], settings), strict=True)


if __name__ == "__main__":
    run(main)
