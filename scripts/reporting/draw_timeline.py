"""Draw the instances and detections of the videos on which a variant is best and worst."""

from bsnpp.core.commandline import command_line, run
from bsnpp.reporting.style import save
from bsnpp.reporting.timeline import detections_timeline, rank_videos
from bsnpp.stores.detections import read_detections
from bsnpp.stores.tables import read_table


def main() -> None:
    """Parse the command line and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--variants", required=True, nargs="+", help="names; the last one ranks the videos")
    parser.add_argument("--detections", required=True, nargs="+", help="detections of each variant")
    parser.add_argument("--videos", required=True, help="table of the videos")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--best", required=True, nargs="+", help="figure of the best video (PNG, SVG)")
    parser.add_argument("--worst", required=True, nargs="+", help="figure of the worst video (PNG, SVG)")
    arguments = parser.parse_args()
    videos, instances = read_table(arguments.videos), read_table(arguments.instances)
    detections = {
        name: read_detections(path)
        for name, path in zip(arguments.variants, arguments.detections, strict=True)
    }
    durations = dict(zip(videos["video"], videos["duration"].astype(float), strict=True))
    ranked = rank_videos(list(durations), instances, detections[arguments.variants[-1]])
    for video, paths in ((ranked[-1], arguments.best), (ranked[0], arguments.worst)):
        save(detections_timeline(video, durations[video], instances, detections), *paths)


if __name__ == "__main__":
    run(main)
