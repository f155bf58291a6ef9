"""Compute the optical flow of videos, once for all networks that read it: an archive for each video.

An interrupted run continues with the next video; the flow of unchanged videos is kept.
"""

from pathlib import Path

from bsnpp.core.commandline import command_line, log, progress, run
from bsnpp.core.settings import parse_settings
from bsnpp.encoding.flow_source_settings import FlowSource
from bsnpp.encoding.inputs import missing_extra, videos_of_tables
from bsnpp.reruns.code import digest_of
from bsnpp.stores.flow_list import write_flow_list


def main() -> None:
    """Parse the command line and compute."""
    try:
        from bsnpp.encoding import flow_store
    except ModuleNotFoundError as error:
        raise missing_extra(error) from error
    parser = command_line(__doc__)
    parser.add_argument("--folder", required=True, help="folder of the video files")
    parser.add_argument("--videos", required=True, nargs="+", help="tables of the videos")
    parser.add_argument("--archives", required=True, help="folder of the archives to write")
    parser.add_argument("--output", required=True, help="JSON list of these archives to write")
    parser.add_argument("--settings", required=True, help="JSON: flow, resize, rate")
    parser.add_argument("--processes", type=int, default=0, help="processes, each with a video of its own")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, FlowSource)
    code = digest_of(Path(flow_store.__file__), "", [])
    folder = flow_store.FlowFolder(Path(arguments.archives), settings, code)
    videos = videos_of_tables(arguments.folder, arguments.videos)
    count = flow_store.compute_flows(
        videos, folder, arguments.processes, lambda todo, total: progress(todo, total, "videos")
    )
    write_flow_list(arguments.output, {video: folder.path_of(video) for video, _ in videos})
    log.info("videos: %d, kept from before: %d", len(videos), len(videos) - count)


if __name__ == "__main__":
    run(main)
