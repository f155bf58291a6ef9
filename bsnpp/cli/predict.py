"""Detect actions in new videos with a bundle: no annotations, no workflow, no training set.

FEATURES contains a folder or an HDF5 file for each stream, FEATURES/<encoder>/<stream>. The README.md in the
bundle lists the streams and the classifiers whose scores it needs.
"""

import argparse

EXAMPLE = (
    "bsnpp predict demo.zip --features features --durations videos.tsv --scores theirs=scores.json \\\n"
    "    --output detections.json"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.add_argument("bundle", metavar="BUNDLE", help="archive or folder that `bsnpp export` wrote")
    parser.add_argument("--features", required=True, help="folder of the features")
    parser.add_argument(
        "--durations",
        required=True,
        metavar="TABLE",
        help="table of the videos, tab-separated: video and duration [s]",
    )
    parser.add_argument(
        "--scores",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME=FILE",
        help="class scores of the videos by each outside classifier (JSON)",
    )
    parser.add_argument(
        "--output",
        required=True,
        nargs="+",
        metavar="FILE",
        help="detections to write: .json (format of the challenge) or .csv",
    )
    parser.add_argument("--subtitles", metavar="FOLDER", help="write a subtitle file (.srt) of each video")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="device (cpu)")
    parser.add_argument("--threads", type=int, help="CPU threads; default: those of the run")


def run(arguments: argparse.Namespace) -> None:
    """Detect, and write the detections.

    Raises
    ------
    UserError
        If the bundle, features, scores or the table are missing or unusable, or a file cannot be written.
    """
    import torch

    from bsnpp.bundle.loading import load
    from bsnpp.bundle.predict import predict_folder
    from bsnpp.core.commandline import log, progress

    scores = dict(_named_file(word) for word in arguments.scores)
    bundle = load(arguments.bundle, arguments.device)
    torch.set_num_threads(arguments.threads or bundle.manifest.compute.threads)
    count = predict_folder(
        bundle,
        arguments.features,
        arguments.durations,
        scores,
        arguments.output,
        arguments.subtitles,
        lambda videos, total: progress(videos, total, "videos"),
    )
    log.info("%d detections", count)


def _named_file(word: str) -> tuple[str, str]:
    """Split NAME=FILE."""
    from bsnpp.core.errors import UserError

    name, separator, path = word.partition("=")
    if not (name and separator and path):
        raise UserError(f"--scores {word}: expected NAME=FILE")
    return name, path
