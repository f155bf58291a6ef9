"""Import external submissions, fitted to the videos and classes of each subset."""

from typing import Literal

from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.errors import Faults, UserError
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.core.wording import counted
from bsnpp.detection.external_files import read_external
from bsnpp.stores.detections import write_detections
from bsnpp.stores.tables import read_table


class ImportSettings(Settings):
    """Settings of this script."""

    reading: Literal["lenient", "strict"] = "lenient"


def main() -> None:
    """Read and check all files, report all faults together, and write the tables."""
    parser = command_line(__doc__)
    parser.add_argument("--sources", required=True, nargs="+", help="submission of each subset, as JSON")
    parser.add_argument("--videos", required=True, nargs="+", help="table of the videos of each subset")
    parser.add_argument("--classes", required=True, help="class list of the challenge")
    parser.add_argument("--detections", required=True, nargs="+", help="detections to write, for each subset")
    parser.add_argument("--settings", default="{}", help="JSON: reading")
    arguments = parser.parse_args()
    reading = parse_settings(arguments.settings, ImportSettings).reading
    classes = read_classes(arguments.classes)
    faults, tables = Faults("external submissions that cannot be used"), []
    for source, path in zip(arguments.sources, arguments.videos, strict=True):
        videos = read_table(path)
        try:
            table, notes = read_external(source, videos, classes, reading)
        except UserError as error:
            faults.add(str(error))
            continue
        tables.append(table)
        number = counted(len(table), "detection")
        log.info("%s: %s; %s", source, number, "; ".join(notes) or "all fit")
    faults.raise_if_any()
    for path, table in zip(arguments.detections, tables, strict=True):
        write_detections(path, table)


if __name__ == "__main__":
    run(main)
