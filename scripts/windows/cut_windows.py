"""Cut the recordings of one subset into sliding windows, and assign their instances to the windows."""

from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.stores.tables import read_table, write_table
from bsnpp.windows.cutting import CuttingSettings
from bsnpp.windows.tables import cut_recordings, guaranteed_share


class CutSettings(Settings):
    """Settings of this script."""

    windows: CuttingSettings


def main() -> None:
    """Parse the command line and write the three tables."""
    parser = command_line(__doc__)
    parser.add_argument(
        "--subset", required=True, help="subset; windows without an instance are left out of training subsets"
    )
    parser.add_argument("--videos", required=True, help="table of the recordings")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--windows", required=True, help="table of windows to write")
    parser.add_argument("--window-videos", required=True, help="table to write, with the windows as videos")
    parser.add_argument("--window-instances", required=True, help="table of their instances to write")
    parser.add_argument("--settings", required=True, help="JSON: windows")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, CutSettings).windows
    tables = cut_recordings(read_table(arguments.videos), read_table(arguments.instances), settings)
    if len(tables.outside):
        first = tables.outside.iloc[0]
        log.warning(
            "%d instances lie outside their recordings and are left out, the first in %s at %g to %g s",
            len(tables.outside),
            *first[["video", "start", "end"]],
        )
    log.info(
        "%s: %d windows of %g s every %g s; %.1f %% of the %d instances lie whole in some window, as do all "
        "of up to %g s, and %.1f %% with a margin of one cell",
        arguments.subset,
        len(tables.windows),
        settings.length,
        settings.step,
        100 * guaranteed_share(tables.inside, tables.windows),
        len(tables.inside),
        settings.overlap * settings.length,
        100 * guaranteed_share(tables.inside, tables.windows, settings.cell_seconds),
    )
    if arguments.subset in ("training", "pretraining"):
        tables = tables.with_instances()
        log.info("%d windows hold an instance", len(tables.windows))
    write_table(arguments.windows, tables.windows)
    write_table(arguments.window_videos, tables.videos)
    write_table(arguments.window_instances, tables.instances)


if __name__ == "__main__":
    run(main)
