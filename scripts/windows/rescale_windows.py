"""Import and join the streams of one encoder, and sample them at the cells of every window."""

from bsnpp.core.commandline import command_line, progress, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.features.settings import StreamSource
from bsnpp.features.streams import open_source
from bsnpp.stores.features import write_features
from bsnpp.stores.tables import read_table
from bsnpp.stores.windows import by_recording, read_windows
from bsnpp.windows.cells import CellSettings
from bsnpp.windows.recordings import import_recordings
from bsnpp.windows.sampling import sample_recordings
from bsnpp.windows.snippet_settings import SnippetSettings


class FeatureSettings(Settings):
    """Settings of this script."""

    streams: tuple[StreamSource, ...]
    snippets: SnippetSettings
    windows: CellSettings


def main() -> None:
    """Parse the command line and write the features."""
    parser = command_line(__doc__)
    parser.add_argument("--encoder", required=True, help="name of the encoder")
    parser.add_argument("--videos", required=True, help="table of the recordings")
    parser.add_argument("--windows", required=True, help="table of their windows")
    parser.add_argument("--features", required=True, help="HDF5 file to write")
    parser.add_argument("--settings", required=True, help="JSON: streams, snippets, windows")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, FeatureSettings)
    table, videos = read_windows(arguments.windows), read_table(arguments.videos)
    recordings = {recording.video: recording for recording in by_recording(table)}
    extents = {
        video: extent
        for video, extent in zip(videos["video"], videos["extent"], strict=True)
        if video in recordings
    }
    readers = [open_source(stream) for stream in settings.streams]
    sequences = import_recordings(
        readers, extents, settings.snippets, lambda items: progress(items, len(extents), "recordings")
    )
    items = sample_recordings(sequences, recordings, extents, settings.windows, settings.snippets)
    channels = sum(stream.channels for stream in settings.streams)
    names, cells = table["window"].tolist(), settings.windows.cells
    write_features(arguments.features, arguments.encoder, cells, channels, items, names)


if __name__ == "__main__":
    run(main)
