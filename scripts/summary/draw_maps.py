"""Draw the maps of the members of a blend and of their fusion, for the video with the most instances."""

from bsnpp.core.commandline import command_line, run
from bsnpp.core.errors import UserError
from bsnpp.fusion.blend_files import open_members
from bsnpp.reporting.maps_figure import blend_figure, most_annotated
from bsnpp.reporting.style import save
from bsnpp.reporting.video_maps import confidence_of, video_maps
from bsnpp.stores.maps import open_fused
from bsnpp.stores.tables import read_table
from bsnpp.stores.weights import read_weights


def main() -> None:
    """Parse the command line, choose the video and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--members", required=True, nargs="+", help="names of the members")
    parser.add_argument("--weights", required=True, help="table of their weights")
    parser.add_argument("--maps", required=True, nargs="+", help="maps of each member")
    parser.add_argument("--calibrations", nargs="?", help="calibration of each member (JSON), if any")
    parser.add_argument("--fused", required=True, help="their fused maps")
    parser.add_argument("--videos", required=True, help="table of the videos or windows")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--figure", required=True, nargs="+", help="figure to write (PNG, SVG)")
    given = parser.parse_args()
    members = open_members(dict(zip(given.members, given.maps, strict=True)), given.calibrations)
    opened = {"fused": open_fused(given.fused), **{name: members[name] for name in given.members}}
    common = [name for name in opened["fused"].videos if all(name in maps.rows for maps in opened.values())]
    if not common:
        raise UserError(f"{given.fused}: no video has the maps of all members; run the workflow again")
    videos, instances = read_table(given.videos), read_table(given.instances)
    video = most_annotated(common, instances)
    row = videos[videos["video"] == video].iloc[0]
    duration, extent = float(row["duration"]), float(row["extent"])
    drawn = []
    for name, maps in opened.items():
        boundary, values = maps.read([maps.rows[video]])
        drawn.append(video_maps(name, maps.grid, boundary[0], confidence_of(values[0]), extent))
    title = f"{video}: maps of the members and fused, white 0 to dark {max(one.peak for one in drawn):.2f}"
    own = instances[instances["video"] == video]
    save(blend_figure(title, duration, own, drawn, read_weights(given.weights)), *given.figure)


if __name__ == "__main__":
    run(main)
