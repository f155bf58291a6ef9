"""Cut the recordings of one subset into sliding windows, and their instances with them."""

from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.stores.tables import read_table, write_table
from bsnpp.windows.settings import WindowSettings
from bsnpp.windows.tables import cut_recordings, guaranteed_share


class CutSettings(Settings):
    """What this script reads."""

    windows: WindowSettings


def main() -> None:
    """Parse the command line and write the three tables."""
    parser = command_line(__doc__)
    parser.add_argument(
        "--subset", required=True, help="of training, windows without an instance are left out"
    )
    parser.add_argument("--videos", required=True, help="table of the recordings")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--windows", required=True, help="table of windows to write")
    parser.add_argument("--window-videos", required=True, help="the windows as a table of videos, to write")
    parser.add_argument("--window-instances", required=True, help="the windows' instances, to write")
    parser.add_argument("--settings", required=True, help="JSON: windows")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, CutSettings).windows
    instances = read_table(arguments.instances)
    tables = cut_recordings(read_table(arguments.videos), instances, settings)
    log.info(
        "%s: %d windows of %g s every %g s; %.1f %% of the %d instances lie whole in some window (all up to "
        "%g s must), %.1f %% with a cell to spare",
        arguments.subset,
        len(tables.windows),
        settings.length,
        settings.step,
        100 * guaranteed_share(instances, tables.windows),
        len(instances),
        settings.overlap * settings.length,
        100 * guaranteed_share(instances, tables.windows, settings.cell_seconds),
    )
    if arguments.subset in ("training", "pretraining"):
        tables = tables.with_instances()
        log.info("%d windows hold an instance", len(tables.windows))
    write_table(arguments.windows, tables.windows)
    write_table(arguments.window_videos, tables.videos)
    write_table(arguments.window_instances, tables.instances)


if __name__ == "__main__":
    run(main)
