"""Import the streams of one encoder, join them, and rescale every video to T cells."""

from collections.abc import Sequence
from pathlib import Path

from bsnpp.core.commandline import command_line, log, progress, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.features.importers import StreamReader, import_videos, open_source
from bsnpp.features.rescale import rescale
from bsnpp.features.settings import RescalingSettings, StreamSource
from bsnpp.stores.features import write_features


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
    parser.add_argument(
        "--subset", nargs="?", help="list of all videos of the subset, where the encoder may lack some"
    )
    parser.add_argument("--features", required=True, help="HDF5 file to write")
    parser.add_argument("--settings", required=True, help="JSON: streams, rescaling")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, FeatureSettings)
    videos = _listed(arguments.videos)
    readers = [open_source(stream) for stream in settings.streams]
    if arguments.subset:
        videos = _with_features(readers, videos, _listed(arguments.subset), arguments.encoder)
    sequences = import_videos(readers, videos, lambda items: progress(items, len(videos), "videos"))
    items = (
        (video, rescale(sequence, arguments.scale, settings.rescaling.method))
        for video, sequence in sequences
    )
    channels = sum(stream.channels for stream in settings.streams)
    write_features(arguments.features, arguments.encoder, arguments.scale, channels, items, videos)


def _listed(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").split()


def _with_features(
    readers: Sequence[StreamReader], videos: list[str], subset: list[str], encoder: str
) -> list[str]:
    """Videos that every stream has; all, if none of the subset is there: then something else is wrong."""
    absent = {video for reader in readers for video in reader.missing(subset)}
    kept = [video for video in videos if video not in absent]
    if len(absent) == len(subset) or kept == videos:
        return videos
    log.info("%s: %d of %d videos have features, the others are left out", encoder, len(kept), len(videos))
    return kept


if __name__ == "__main__":
    run(main)
