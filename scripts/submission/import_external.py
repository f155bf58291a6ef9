"""Import anyone's submission files: checked against the videos and classes of each subset."""

from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.errors import Faults, UserError
from bsnpp.stores.detections import write_detections
from bsnpp.stores.tables import read_table
from bsnpp.submission.external import read_external


def main() -> None:
    """Parse the command line and import."""
    parser = command_line(__doc__)
    parser.add_argument("--sources", required=True, nargs="+", help="submission of each subset, as JSON")
    parser.add_argument("--videos", required=True, nargs="+", help="table of the videos of each subset")
    parser.add_argument("--classes", required=True, help="class list of the challenge")
    parser.add_argument("--detections", required=True, nargs="+", help="detections to write of each subset")
    arguments = parser.parse_args()
    classes = read_classes(arguments.classes)
    faults, tables = Faults("detections that cannot be used"), []
    for source, videos in zip(arguments.sources, arguments.videos, strict=True):
        wanted = read_table(videos)
        try:
            table, missing = read_external(source, wanted, classes)
        except UserError as error:
            faults.add(str(error))
            continue
        tables.append(table)
        log.info("%s: %d of %d videos are missing", source, len(missing), len(wanted))
    faults.raise_if_any()
    for path, table in zip(arguments.detections, tables, strict=True):
        write_detections(path, table)


if __name__ == "__main__":
    run(main)
