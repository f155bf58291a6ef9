"""Fit the calibration of the confidences of each member of a blend on validation."""

from bsnpp.core.commandline import command_line, run
from bsnpp.detection.map_fitting import fit_map_calibrations
from bsnpp.fusion.blend_files import open_members
from bsnpp.fusion.map_calibration import write_map_calibrations
from bsnpp.stores.tables import read_table


def main() -> None:
    """Parse the command line and fit."""
    parser = command_line(__doc__)
    parser.add_argument("--members", required=True, nargs="+", help="names of the members")
    parser.add_argument(
        "--maps", required=True, nargs="+", help="validation maps of each member, at the training scale"
    )
    parser.add_argument("--videos", required=True, help="table of the validation videos")
    parser.add_argument("--instances", required=True, help="table of the validation instances")
    parser.add_argument("--calibrations", required=True, help="JSON to write")
    arguments = parser.parse_args()
    files = open_members(dict(zip(arguments.members, arguments.maps, strict=True)))
    videos, instances = read_table(arguments.videos), read_table(arguments.instances)
    write_map_calibrations(arguments.calibrations, fit_map_calibrations(files, videos, instances))


if __name__ == "__main__":
    run(main)
