"""Fuse the maps of a blend's members into one map file, for the validation and for the test videos."""

from pathlib import Path

from commandline import command_line, log, run

from bsnpp.fusion.files import fuse_files
from bsnpp.fusion.settings import FusionSettings
from bsnpp.fusion.weights import read_weights
from bsnpp.settings import Settings, parse_settings


class FuseSettings(Settings):
    """What this script reads."""

    fusion: FusionSettings


def main() -> None:
    """Parse the command line and fuse."""
    parser = command_line(__doc__)
    parser.add_argument("--members", required=True, nargs="+", help="names of the members")
    parser.add_argument("--weights", required=True, help="table of their weights")
    parser.add_argument("--validation", required=True, nargs="+", help="validation maps of each member")
    parser.add_argument("--testing", required=True, nargs="+", help="test maps of each member")
    parser.add_argument(
        "--videos", nargs="*", default=[], help="lists of what both must hold, where members may lack videos"
    )
    parser.add_argument("--fused", required=True, nargs=2, help="map files to write: validation, testing")
    parser.add_argument("--settings", required=True, help="JSON: fusion")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, FuseSettings)
    weights = read_weights(arguments.weights)
    lists = [Path(path).read_text(encoding="utf-8").split() for path in arguments.videos] or [[], []]
    for paths, fused, expected in zip(
        (arguments.validation, arguments.testing), arguments.fused, lists, strict=True
    ):
        members = dict(zip(arguments.members, paths, strict=True))
        incomplete = fuse_files(members, weights, fused, settings.fusion, expected)
        if incomplete:
            log.info("%s: %d videos lack some member and were fused from the others", fused, incomplete)


if __name__ == "__main__":
    run(main)
