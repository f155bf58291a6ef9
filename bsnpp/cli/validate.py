"""Check submissions to the ActivityNet challenge: format, videos, labels, times, scores and counts."""

import argparse

from bsnpp.cli import options

EXAMPLE = """bsnpp validate submission.json --annotations activity_net.v1-3.min.json --subset testing"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.add_argument("submissions", nargs="+", metavar="FILE", help="submissions (JSON)")
    parser.add_argument(
        "--per-video",
        type=options.whole_number(1),
        default=100,
        metavar="N",
        help="largest number of detections of a video (100)",
    )
    options.add_truth(parser)


def run(arguments: argparse.Namespace) -> None:
    """Check the submissions.

    Raises
    ------
    UserError
        If a submission is invalid. The message lists the faults of all of them.
    """
    from bsnpp.cli.inputs import read_truth
    from bsnpp.cli.output import show
    from bsnpp.core.errors import Faults
    from bsnpp.submission.checks import validate_submission

    truth = read_truth(arguments, scored=False)
    faults = Faults("not a valid submission")
    for path in arguments.submissions:
        messages = validate_submission(path, truth.videos, truth.classes, arguments.per_video)
        faults.extend(f"{path}: {fault}" for fault in messages)
        show("invalid" if messages else "valid", path)
    faults.raise_if_any()
