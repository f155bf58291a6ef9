"""Import the streams of one encoder, join them, and rescale every video to T cells."""

from pathlib import Path

from commandline import command_line, progress, run

from bsnpp.features.importers import import_videos, open_source
from bsnpp.features.rescale import rescale
from bsnpp.features.settings import RescalingSettings, StreamSource
from bsnpp.features.store import write_features
from bsnpp.settings import Settings, parse_settings


class FeatureSettings(Settings):
    """What this script reads."""

    streams: tuple[StreamSource, ...]
    rescaling: RescalingSettings


def main() -> None:
    """Parse the command line and write the features."""
    parser = command_line(__doc__)
    parser.add_argument("--encoder", required=True, help="name of the encoder")
    parser.add_argument("--scale", required=True, type=int, help="T, the number of cells")
    parser.add_argument("--videos", required=True, help="list of videos, one a line")
    parser.add_argument("--features", required=True, help="HDF5 file to write")
    parser.add_argument("--settings", required=True, help="JSON: streams, rescaling")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, FeatureSettings)
    videos = Path(arguments.videos).read_text(encoding="utf-8").split()
    readers = [open_source(stream) for stream in settings.streams]
    sequences = import_videos(readers, videos, lambda items: progress(items, len(videos), "videos"))
    items = (
        (video, rescale(sequence, arguments.scale, settings.rescaling.method))
        for video, sequence in sequences
    )
    channels = sum(stream.channels for stream in settings.streams)
    write_features(arguments.features, arguments.encoder, arguments.scale, channels, items, videos)


if __name__ == "__main__":
    run(main)
