"""Draw a dozen videos, chosen by rule, with instances, maps and detections on one time axis."""

from pathlib import Path

import pandas as pd

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.evaluation.metric_settings import MetricSettings
from bsnpp.reporting.video_choice import choose_videos, video_scores
from bsnpp.stores.csv_tables import write_csv
from bsnpp.stores.detections import read_detections
from bsnpp.stores.tables import read_table
from bsnpp.summary.video_files import write_video
from bsnpp.summary.video_sources import MapSettings, open_map_source


class VideosSettings(Settings):
    """Settings of this script."""

    maps: MapSettings
    evaluation: MetricSettings


def main() -> None:
    """Parse the command line, choose and draw."""
    parser = command_line(__doc__)
    parser.add_argument("--variants", required=True, nargs="+", help="submitted one; the one before its step")
    parser.add_argument("--detections", required=True, nargs="+", help="detections of these variants")
    parser.add_argument("--videos", required=True, help="table of the videos")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--maps", nargs="*", default=[], help="fused maps: all scales of one generator first")
    parser.add_argument("--windows", nargs="?", help="table of the windows, if recordings are cut")
    parser.add_argument("--table", required=True, help="table of the chosen videos to write (CSV)")
    parser.add_argument("--folder", required=True, type=Path, help="folder for the figures (PNG, SVG)")
    parser.add_argument("--settings", required=True, help="JSON: maps, evaluation")
    given = parser.parse_args()
    settings = parse_settings(given.settings, VideosSettings)
    thresholds = settings.evaluation.tiou_thresholds
    videos, instances = read_table(given.videos), read_table(given.instances)
    detections = {
        name: read_detections(path) for name, path in zip(given.variants, given.detections, strict=True)
    }
    scores = [video_scores(instances, table, thresholds) for table in detections.values()]
    source = open_map_source(settings.maps, given.maps, given.windows)
    extents = dict(zip(videos["video"], videos["extent"], strict=True))
    rows = []
    for number, one in enumerate(choose_videos(videos, instances, *scores), 1):
        maps = source.of_video(one.video, one.duration, extents[one.video])
        rows.append(write_video(number, one, instances, detections, maps, given.folder))
    write_csv(given.table, pd.DataFrame(rows), decimals=6)


if __name__ == "__main__":
    run(main)
