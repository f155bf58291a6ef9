"""Draw the instances and the best detections of one video: of several variants, one below the other."""

import pandas as pd
from commandline import command_line, run

from bsnpp.annotations import read_table
from bsnpp.detection.tables import read_detections
from bsnpp.reporting.style import save
from bsnpp.reporting.timeline import detections_timeline


def main() -> None:
    """Parse the command line and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--variants", required=True, nargs="+", help="names of the variants")
    parser.add_argument("--detections", required=True, nargs="+", help="detections of each")
    parser.add_argument("--videos", required=True, help="table of the videos")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--video", help="id of the video; by default the first with two instances")
    parser.add_argument("--figure", required=True, help="figure to write")
    arguments = parser.parse_args()
    videos, instances = read_table(arguments.videos), read_table(arguments.instances)
    video = arguments.video or _typical(videos, instances)
    duration = float(videos.set_index("video")["duration"][video])
    detections = {
        name: read_detections(path)
        for name, path in zip(arguments.variants, arguments.detections, strict=True)
    }
    save(detections_timeline(video, duration, instances, detections), arguments.figure)


def _typical(videos: pd.DataFrame, instances: pd.DataFrame) -> str:
    """The first video with two instances; the first of all where none has so many."""
    counts = instances["video"].value_counts().reindex(videos["video"], fill_value=0)
    return str((counts >= 2).idxmax())


if __name__ == "__main__":
    run(main)
