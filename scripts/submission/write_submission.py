"""Write detections as submissions in the format of the ActivityNet Challenge."""

from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.stores.detections import read_detections
from bsnpp.stores.tables import read_table
from bsnpp.submission.writer import write_submission


class SubmissionSettings(Settings):
    """Settings of this script."""

    external_data: str


def main() -> None:
    """Write the submission of each subset."""
    parser = command_line(__doc__)
    parser.add_argument("--detections", required=True, nargs="+", help="detections of each subset")
    parser.add_argument("--videos", required=True, nargs="+", help="table of the videos of each subset")
    parser.add_argument("--submissions", required=True, nargs="+", help="JSON to write, for each subset")
    parser.add_argument("--settings", required=True, help="JSON: external_data")
    arguments = parser.parse_args()
    details = parse_settings(arguments.settings, SubmissionSettings).external_data
    for detections, videos, submission in zip(
        arguments.detections, arguments.videos, arguments.submissions, strict=True
    ):
        table = read_table(videos)
        dropped = write_submission(submission, read_detections(detections), table, bool(details), details)
        log.info("%s: %d detections outside their video were dropped", submission, dropped)


if __name__ == "__main__":
    run(main)
