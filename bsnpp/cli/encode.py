"""Encode the videos of a folder with a network: snippet features, class logits and durations.

NETWORK is a YAML file with the sections model, clips, images and flow of one network, as in the section
`networks` of a configuration. An interrupted run resumes where it stopped and ends with the same bytes.
"""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from bsnpp.encoding.stream_settings import StreamEncoding

EXAMPLE = "bsnpp encode videos --network network.yaml --output features.h5 --durations videos.tsv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.add_argument("videos", metavar="VIDEOS", help="folder with one file per video")
    parser.add_argument("--network", required=True, metavar="FILE", help="YAML of the network")
    parser.add_argument("--output", required=True, metavar="FILE", help="HDF5 file of features to write")
    parser.add_argument(
        "--scores", metavar="FILE", help="write class logits, if the network has classes (JSON)"
    )
    parser.add_argument("--durations", metavar="FILE", help="write the table of video and duration [s]")
    parser.add_argument(
        "--figures", metavar="FOLDER", help="draw features beside frames, a PNG file for each video"
    )
    parser.add_argument("--batch-size", type=int, default=16, metavar="N", help="clips in one batch (16)")
    parser.add_argument(
        "--min-coverage", type=float, default=0.95, metavar="SHARE", help="least decoded share (0.95)"
    )
    parser.add_argument(
        "--flow", metavar="FOLDER", help="keep optical flow in this folder, and use what is there already"
    )
    parser.add_argument(
        "--precision", choices=["float32", "bfloat16"], default="float32", help="precision (float32)"
    )
    parser.add_argument("--compile", action="store_true", help="compile the network with torch.compile")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="device (cpu)")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="CPU threads (1)")
    parser.add_argument(
        "--processes", type=int, default=0, metavar="N", help="further processes that decode (0)"
    )


def run(arguments: argparse.Namespace) -> None:
    """Encode the videos.

    Raises
    ------
    UserError
        If the network or a video cannot be used, or a file cannot be written.
    """
    from pathlib import Path

    import torch

    from bsnpp.core.commandline import log, progress
    from bsnpp.core.errors import UserError
    from bsnpp.core.wording import counted
    from bsnpp.encoding.files import listed_videos
    from bsnpp.models.device import prepare_device
    from bsnpp.reruns.code import digest_of
    from bsnpp.stores.encoded import read_durations
    from bsnpp.stores.tables import write_table

    try:
        from bsnpp.encoding.networks import stage

        if arguments.figures:
            from bsnpp.cli.encode_figures import draw_videos
    except ModuleNotFoundError as error:
        raise UserError(
            "videos need the extra `videos`, and figures the extra `workflow`: "
            f"pip install 'bsnpp[videos,workflow]' ({error})"
        ) from error
    settings = _stream(arguments)
    prepare_device(arguments.device)
    torch.set_num_threads(arguments.threads)
    weights = [Path(path) for path in settings.network.model.files if Path(path).exists()]
    digest = digest_of(Path(stage.__file__), settings.model_dump_json(), weights)
    videos = listed_videos(arguments.videos)
    _, partial = stage.encode_files(
        videos,
        arguments.output,
        arguments.scores,
        digest,
        settings,
        lambda todo, total: progress(todo, total, "videos"),
        arguments.processes,
        _kept_flow(arguments, videos, settings),
    )
    for video in partial:
        log.warning("%s", video)
    if arguments.durations:
        write_table(arguments.durations, read_durations(arguments.output))
    if arguments.figures:
        draw_videos(arguments.figures, arguments.output, videos, settings.network)
    log.info("%s: %s", arguments.output, counted(len(videos), "video"))


def _kept_flow(
    arguments: argparse.Namespace, videos: "list[tuple[str, Path]]", settings: "StreamEncoding"
) -> "dict[str, Path] | None":
    """Compute the optical flow that is not in the folder yet; return its files, or None without a folder."""
    from pathlib import Path

    from bsnpp.core.commandline import progress
    from bsnpp.core.errors import UserError
    from bsnpp.encoding import flow_store
    from bsnpp.reruns.code import digest_of

    if arguments.flow is None:
        return None
    source = settings.network.flow_source
    if source is None:
        raise UserError(f"--flow {arguments.flow}: {arguments.network} has no section `flow`; leave it out")
    code = digest_of(Path(flow_store.__file__), "", [])
    folder = flow_store.FlowFolder(Path(arguments.flow) / source.key, source, code)
    flow_store.compute_flows(
        videos, folder, arguments.processes, lambda todo, total: progress(todo, total, "flows")
    )
    return {video: folder.path_of(video) for video, _ in videos}


def _stream(arguments: argparse.Namespace) -> "StreamEncoding":
    """Read the network, and put it together with the options."""
    from pydantic import ValidationError

    from bsnpp.challenge.config_files import parse_config
    from bsnpp.core.errors import UserError
    from bsnpp.core.files import read_text
    from bsnpp.core.settings import explain
    from bsnpp.encoding.stream_settings import StreamEncoding

    try:
        content = parse_config(read_text(arguments.network, "the network as YAML").encode())
        return StreamEncoding.model_validate(
            {
                "network": content,
                "encoding": {
                    "batch_size": arguments.batch_size,
                    "min_coverage": arguments.min_coverage,
                    "precision": arguments.precision,
                    "compile": arguments.compile,
                },
                "device": arguments.device,
                "threads": arguments.threads,
            }
        )
    except ValidationError as error:
        raise UserError("\n  ".join([f"{arguments.network}: invalid settings", *explain(error)])) from error
    except ValueError as error:
        raise UserError(f"{arguments.network}: {error}") from error
