"""Detect actions in new videos with a bundle: no annotations, no workflow, no training set.

FEATURES contains a folder or an HDF5 file for each stream, FEATURES/<encoder>/<stream>, and TABLE the
duration of each video. The README.md in the bundle lists the streams, and the classifiers whose scores it
needs. With --videos, features, durations and scores come from video files, if those of the training did.
"""

import argparse
from collections.abc import Iterable
from typing import Any

EXAMPLE = (
    "bsnpp predict demo.zip --features features --durations videos.tsv --scores theirs=scores.json \\\n"
    "    --output detections.json detections.csv --plot pictures"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    from bsnpp.cli.options import whole_number

    parser.add_argument("bundle", metavar="BUNDLE", help="archive or folder that `bsnpp export` wrote")
    new = parser.add_argument_group("new videos")
    new.add_argument("--features", help="folder of the features; with --videos, they are kept there")
    new.add_argument(
        "--durations", metavar="TABLE", help="table of the videos, tab-separated: video and duration [s]"
    )
    new.add_argument(
        "--scores",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME=FILE",
        help="class scores of the videos by each outside classifier (JSON)",
    )
    new.add_argument("--videos", metavar="FOLDER", help="folder with one file per video, to be encoded")
    new.add_argument(
        "--networks", metavar="FOLDER", help="folder of the networks' files (where they were in training)"
    )
    written = parser.add_argument_group("written")
    written.add_argument(
        "--output",
        required=True,
        nargs="+",
        metavar="FILE",
        help="detections: .json (format of the challenge) or .csv",
    )
    written.add_argument("--plot", metavar="FOLDER", help="a picture of each video's best detections (.png)")
    written.add_argument("--srt", metavar="FOLDER", help="the same as subtitles (.srt)")
    written.add_argument("--eaf", metavar="FOLDER", help="the same as annotations for ELAN (.eaf)")
    written.add_argument(
        "--best", type=whole_number(1), default=10, metavar="N", help="how many to show there (10)"
    )
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="device (cpu)")
    parser.add_argument(
        "--threads", type=whole_number(1), metavar="N", help="CPU threads of torch (those of the run)"
    )


def run(arguments: argparse.Namespace) -> None:
    """Detect, and write the detections.

    Raises
    ------
    UserError
        If the bundle, features, scores or the table are missing or unusable, or a file cannot be written.
    """
    import tempfile

    import torch

    from bsnpp.bundle.loading import load
    from bsnpp.bundle.outputs import checked_ending

    _check(arguments)
    for path in arguments.output:
        checked_ending(path)
    bundle = load(arguments.bundle, arguments.device)
    torch.set_num_threads(arguments.threads or bundle.manifest.compute.threads)
    if arguments.videos and not arguments.features:
        with tempfile.TemporaryDirectory() as folder:
            _predict(arguments, bundle, folder)
    else:
        _predict(arguments, bundle, arguments.features)


def _predict(arguments: argparse.Namespace, bundle: Any, features: str) -> None:
    """Encode the videos, if they are given, and detect."""
    from pathlib import Path

    from bsnpp.bundle.encode import TABLE, encode_videos
    from bsnpp.bundle.predict import predict_folder
    from bsnpp.bundle.viewing import Viewing
    from bsnpp.core.commandline import log
    from bsnpp.core.wording import counted

    scores, durations = dict(_named_file(word) for word in arguments.scores), arguments.durations
    if arguments.videos:
        device, networks = arguments.device, arguments.networks
        encoded = encode_videos(bundle.manifest, arguments.videos, features, networks, device, _progress)
        scores = encoded | scores
        durations = durations or Path(features) / TABLE
    folders = {".png": arguments.plot, ".srt": arguments.srt, ".eaf": arguments.eaf}
    viewing = Viewing({ending: path for ending, path in folders.items() if path}, arguments.best)
    count = predict_folder(bundle, features, durations, scores, arguments.output, viewing, _progress)
    log.info("%s", counted(count, "detection"))


def _check(arguments: argparse.Namespace) -> None:
    """Check that there are features with durations, or videos."""
    from bsnpp.core.errors import UserError

    if not arguments.videos and not (arguments.features and arguments.durations):
        raise UserError("give --features and --durations, or --videos")
    if arguments.networks and not arguments.videos:
        raise UserError("--networks needs --videos")


def _progress(items: Iterable[Any], total: int) -> Iterable[Any]:
    from bsnpp.core.commandline import progress

    return progress(items, total, "videos")


def _named_file(word: str) -> tuple[str, str]:
    """Split NAME=FILE."""
    from bsnpp.core.errors import UserError

    name, separator, path = word.partition("=")
    if not (name and separator and path):
        raise UserError(f"--scores {word}: expected NAME=FILE")
    return name, path
