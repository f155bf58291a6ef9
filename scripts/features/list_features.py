"""List the features of a subset as they are on disk: files, lengths, digests, and suspicious lengths."""

from collections.abc import Sequence

from bsnpp.core.commandline import command_line, log, progress, run
from bsnpp.core.errors import Faults
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.core.wording import counted
from bsnpp.features.manifest import Entry, flag_lengths, list_stream, rate_of, write_manifest
from bsnpp.features.settings import StreamSource
from bsnpp.stores.tables import read_table


class ListSettings(Settings):
    """Settings of this script."""

    streams: tuple[StreamSource, ...]


def main() -> None:
    """Parse the command line and write the manifest."""
    parser = command_line(__doc__)
    parser.add_argument("--videos", required=True, help="table of the videos of the subset")
    parser.add_argument("--manifest", required=True, help="CSV file to write, one row per video and stream")
    parser.add_argument("--settings", required=True, help="JSON: streams")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, ListSettings)
    table = read_table(arguments.videos)
    videos = list(zip(table["video"].tolist(), table["duration"].tolist(), strict=True))
    listed = [_listed(stream, videos) for stream in settings.streams]
    write_manifest(arguments.manifest, (entry for entries in listed for entry in entries))


def _listed(stream: StreamSource, videos: Sequence[tuple[str, float]]) -> list[Entry]:
    """List a stream, and log its rate and the videos with a flag."""
    entries = list(list_stream(stream, progress(videos, len(videos), "videos")))
    rate = rate_of(entries)
    log.info(
        "%s: median of %.4g snippets per second, the rate of %.0f %% of the videos; %s",
        stream.name,
        rate.median,
        100 * rate.share,
        "it is steady, so lengths are compared with durations" if rate.steady else "it is not steady",
    )
    entries = flag_lengths(entries, rate)
    for flag in sorted({entry.flag for entry in entries} - {""}):
        flagged = [entry for entry in entries if entry.flag == flag]
        faults = Faults(f"warning: {stream.name}: {flag}: {len(flagged)} of {len(entries)} videos")
        faults.extend(
            f"{entry.video}: {counted(entry.snippets, 'snippet')} in {entry.seconds:g} s" for entry in flagged
        )
        log.warning("%s", faults)
    return entries


if __name__ == "__main__":
    run(main)
