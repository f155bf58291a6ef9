"""Draw the instances and detections of the video that a variant does best, and of the one it does worst."""

import pandas as pd

from bsnpp.core.commandline import command_line, run
from bsnpp.reporting.style import save
from bsnpp.reporting.timeline import detections_timeline, share_found
from bsnpp.stores.detections import read_detections
from bsnpp.stores.tables import read_table


def main() -> None:
    """Parse the command line and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--variants", required=True, nargs="+", help="names; the last one is judged")
    parser.add_argument("--detections", required=True, nargs="+", help="detections of each")
    parser.add_argument("--videos", required=True, help="table of the videos")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--best", required=True, help="figure to write")
    parser.add_argument("--worst", required=True, help="figure to write")
    arguments = parser.parse_args()
    videos, instances = read_table(arguments.videos), read_table(arguments.instances)
    detections = {
        name: read_detections(path)
        for name, path in zip(arguments.variants, arguments.detections, strict=True)
    }
    shares = _shares(videos, instances, detections[arguments.variants[-1]])
    durations = videos.set_index("video")["duration"]
    ranked = [str(video) for video in shares.sort_values(kind="stable").index]
    for video, path in ((ranked[-1], arguments.best), (ranked[0], arguments.worst)):
        save(detections_timeline(video, float(durations[video]), instances, detections), path)


def _shares(videos: pd.DataFrame, instances: pd.DataFrame, detections: pd.DataFrame) -> pd.Series:
    """Share of the instances found in each video with two or more; of all videos, where none has so many."""
    counts = instances["video"].value_counts().reindex(videos["video"], fill_value=0)
    chosen = counts[counts >= min(2, counts.max())].index
    return pd.Series({video: share_found(video, instances, detections) for video in chosen}).fillna(0.0)


if __name__ == "__main__":
    run(main)
