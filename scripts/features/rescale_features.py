"""Import and join the streams of one encoder, and rescale every video to T cells."""

from bsnpp.core.commandline import command_line, log, progress, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.features.importers import available_videos, import_videos
from bsnpp.features.rescale import RescalingSettings, rescale
from bsnpp.features.settings import StreamSource
from bsnpp.features.streams import open_source
from bsnpp.stores.features import write_features
from bsnpp.stores.video_lists import read_video_list


class FeatureSettings(Settings):
    """Settings of this script."""

    streams: tuple[StreamSource, ...]
    rescaling: RescalingSettings


def main() -> None:
    """Parse the command line and write the features."""
    parser = command_line(__doc__)
    parser.add_argument("--encoder", required=True, help="name of the encoder")
    parser.add_argument("--scale", required=True, type=int, help="number of cells T")
    parser.add_argument("--videos", required=True, help="list of videos, one per line")
    parser.add_argument(
        "--subset", nargs="?", help="list of all videos of the subset, if the encoder may lack some of them"
    )
    parser.add_argument("--features", required=True, help="HDF5 file to write")
    parser.add_argument("--settings", required=True, help="JSON: streams, rescaling")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, FeatureSettings)
    readers = [open_source(stream) for stream in settings.streams]
    listed = read_video_list(arguments.videos)
    videos = listed
    if arguments.subset:
        videos = available_videos(readers, listed, read_video_list(arguments.subset))
        log.info("%s: %d of %d videos have features", arguments.encoder, len(videos), len(listed))
    sequences = import_videos(readers, videos, lambda items: progress(items, len(videos), "videos"))
    items = (
        (video, rescale(sequence, arguments.scale, settings.rescaling.method))
        for video, sequence in sequences
    )
    channels = sum(stream.channels for stream in settings.streams)
    write_features(arguments.features, arguments.encoder, arguments.scale, channels, items, videos)


if __name__ == "__main__":
    run(main)
