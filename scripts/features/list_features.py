"""List the features of a subset as they were brought: files, lengths, hashes, and what looks too short."""

import csv
from collections.abc import Sequence

from bsnpp.core.commandline import command_line, log, progress, run
from bsnpp.core.errors import Faults
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.features.manifest import Entry, flag_short, list_stream, rate_of, write_manifest
from bsnpp.features.settings import StreamSource


class ListSettings(Settings):
    """What this script reads."""

    streams: tuple[StreamSource, ...]


def main() -> None:
    """Parse the command line and write the manifest."""
    parser = command_line(__doc__)
    parser.add_argument("--videos", required=True, help="table of the subset's videos")
    parser.add_argument("--manifest", required=True, help="CSV to write, a row for each video and stream")
    parser.add_argument("--settings", required=True, help="JSON: streams")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, ListSettings)
    with open(arguments.videos, encoding="utf-8", newline="") as table:
        videos = [(row["video"], float(row["duration"])) for row in csv.DictReader(table, delimiter="\t")]
    listed = [_listed(stream, videos) for stream in settings.streams]
    write_manifest(arguments.manifest, (entry for entries in listed for entry in entries))


def _listed(stream: StreamSource, videos: Sequence[tuple[str, float]]) -> list[Entry]:
    """The entries of a stream, whose rate and flags are told."""
    entries = list(list_stream(stream, progress(videos, len(videos), "videos")))
    rate = rate_of(entries)
    log.info(
        "%s: a median of %.4g snippets a second, to which %.0f %% of the videos keep: %s",
        stream.name,
        rate.median,
        100 * rate.share,
        "a steady rate, shorter videos are flagged"
        if rate.steady
        else "no steady rate, lengths are not compared with durations",
    )
    entries = flag_short(entries, rate)
    for flag in sorted({entry.flag for entry in entries} - {""}):
        flagged = [entry for entry in entries if entry.flag == flag]
        told = Faults(f"warning: {stream.name}: {flag}, {len(flagged)} of {len(entries)} videos")
        told.extend(f"{one.video}: {one.snippets} snippets in {one.seconds:g} s" for one in flagged)
        log.warning("%s", told)
    return entries


if __name__ == "__main__":
    run(main)
