"""Check submissions: format, videos, labels, times, scores and counts. Faults name their video and entry.

Example:  python scripts/submission/validate_submission.py submission.json \\
              --videos annotations/testing.videos.tsv --classes annotations/classes.txt
"""

from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, run
from bsnpp.core.errors import Faults
from bsnpp.core.files import whole_file
from bsnpp.core.wording import counted
from bsnpp.stores.tables import read_table
from bsnpp.submission.checks import validate_submission


def main() -> None:
    """Check all files and report all faults together."""
    parser = command_line(__doc__)
    parser.add_argument("submissions", nargs="+", help="submissions to check")
    parser.add_argument(
        "--videos",
        required=True,
        nargs="+",
        help="table of the videos of each, tab-separated: video, duration [s]",
    )
    parser.add_argument("--classes", required=True, help="class list")
    parser.add_argument(
        "--per-video", type=int, default=100, help="maximum number of detections per video (100)"
    )
    parser.add_argument("--report", help="text file to write if all files are valid")
    arguments = parser.parse_args()
    classes = read_classes(arguments.classes)
    faults = Faults("invalid submission")
    lines = []
    for path, videos in zip(arguments.submissions, arguments.videos, strict=True):
        table = read_table(videos)
        if "duration" not in table:
            faults.add(f"{videos}: no column duration [s]")
            continue
        faults.extend(
            f"{path}: {fault}" for fault in validate_submission(path, table, classes, arguments.per_video)
        )
        lines.append(f"{path}: valid, {counted(len(table), 'video')}\n")
    faults.raise_if_any()
    print("".join(lines), end="")
    if arguments.report:
        with whole_file(arguments.report) as temporary:
            temporary.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    run(main)
