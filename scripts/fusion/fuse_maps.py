"""Fuse the maps of the members of a blend into one map file, for the videos of one subset."""

from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.fusion.blend_files import fuse_files
from bsnpp.fusion.blend_settings import BlendSettings
from bsnpp.stores.video_lists import read_video_list
from bsnpp.stores.weights import read_weights


class FuseSettings(Settings):
    """Settings of this script."""

    fusion: BlendSettings


def main() -> None:
    """Parse the command line and fuse."""
    parser = command_line(__doc__)
    parser.add_argument("--members", required=True, nargs="+", help="names of the members")
    parser.add_argument("--weights", required=True, help="table of their weights")
    parser.add_argument("--calibrations", nargs="?", help="calibration of each member (JSON), if any")
    parser.add_argument("--maps", required=True, nargs="+", help="maps of each member")
    parser.add_argument("--videos", nargs="?", help="list of expected videos, if members may lack some")
    parser.add_argument("--fused", required=True, help="map file to write")
    parser.add_argument("--settings", required=True, help="JSON: fusion")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, FuseSettings)
    expected = read_video_list(arguments.videos) if arguments.videos else []
    members = dict(zip(arguments.members, arguments.maps, strict=True))
    weights = read_weights(arguments.weights)
    incomplete = fuse_files(
        members, weights, arguments.fused, settings.fusion, expected, arguments.calibrations
    )
    if incomplete:
        log.info("videos fused from some members, without the missing ones: %d", incomplete)


if __name__ == "__main__":
    run(main)
