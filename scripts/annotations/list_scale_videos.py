"""List the videos of a subset that are processed at one scale, by their duration."""

import csv

from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.stores.video_lists import write_video_list


class ListSettings(Settings):
    """Settings of this script: ranges of durations [s], without their upper bounds."""

    durations: tuple[tuple[float, float | None], ...]

    def contains(self, duration: float) -> bool:
        """Return whether a video of this duration is in one of the ranges."""
        return any(low <= duration and (high is None or duration < high) for low, high in self.durations)


def main() -> None:
    """Parse the command line and write the list."""
    parser = command_line(__doc__)
    parser.add_argument("--videos", required=True, help="table of the videos of the subset")
    parser.add_argument("--list", required=True, help="list of videos to write")
    parser.add_argument("--settings", required=True, help="JSON: durations")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, ListSettings)
    with open(arguments.videos, encoding="utf-8", newline="") as table:
        videos = [
            row["video"]
            for row in csv.DictReader(table, delimiter="\t")
            if settings.contains(float(row["duration"]))
        ]
    write_video_list(arguments.list, videos)


if __name__ == "__main__":
    run(main)
