"""Encode the videos of one stream with a network: snippet features, and class logits if it has a classifier.

Every encoded video is saved at once in a folder beside the output. An interrupted run resumes from there and
ends with the same bytes.
"""

from pathlib import Path

from bsnpp.core.commandline import command_line, log, progress, run
from bsnpp.core.settings import parse_settings
from bsnpp.encoding.inputs import missing_extra, videos_of_tables
from bsnpp.encoding.stream_settings import StreamEncoding
from bsnpp.reruns.code import digest_of
from bsnpp.stores.flow_list import read_flow_list


def main() -> None:
    """Parse the command line and encode."""
    try:
        import torch

        from bsnpp.encoding.networks.stage import encode_files
        from bsnpp.models.device import prepare_device
    except ModuleNotFoundError as error:
        raise missing_extra(error) from error
    parser = command_line(__doc__)
    parser.add_argument("--folder", required=True, help="folder of the video files")
    parser.add_argument("--videos", required=True, nargs="+", help="tables of the videos")
    parser.add_argument("--features", required=True, help="HDF5 file to write")
    parser.add_argument("--scores", nargs="?", help="JSON of class logits to write")
    parser.add_argument("--settings", required=True, help="JSON: network, encoding, device, threads ...")
    parser.add_argument("--flow", nargs="?", help="JSON list of archives of optical flow")
    parser.add_argument("--processes", type=int, default=0, help="processes that decode")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, StreamEncoding)
    prepare_device(settings.device)
    torch.set_num_threads(settings.threads)
    videos = videos_of_tables(arguments.folder, arguments.videos)
    weights = [Path(path) for path in settings.network.model.files if Path(path).exists()]
    count, partial = encode_files(
        videos,
        arguments.features,
        arguments.scores,
        digest_of(Path(__file__), arguments.settings, weights),
        settings,
        lambda todo, total: progress(todo, total, "videos"),
        arguments.processes,
        read_flow_list(arguments.flow) if arguments.flow else None,
    )
    for video in partial:
        log.warning("%s", video)
    log.info("videos: %d, encoded before: %d", len(videos), len(videos) - count)


if __name__ == "__main__":
    run(main)
