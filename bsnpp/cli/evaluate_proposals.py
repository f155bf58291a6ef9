"""Evaluate proposals: average recall at AN proposals per video (AR@AN), its area, and recall by tIoU."""

import argparse

from bsnpp.cli import options

EXAMPLE = """bsnpp evaluate-proposals --annotations activity_net.v1-3.min.json --proposals proposals.json \\
      --subset validation --output recall.json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.add_argument(
        "--proposals",
        required=True,
        metavar="FILE",
        help="ActivityNet JSON or THUMOS text",
    )
    parser.add_argument(
        "--most",
        type=options.whole_number(1),
        default=100,
        metavar="AN",
        help="largest average number of proposals per video (100)",
    )
    options.add_thresholds(parser)
    options.add_output(parser)
    options.add_truth(parser)
    options.add_reading(parser)


def run(arguments: argparse.Namespace) -> None:
    """Evaluate the proposals, show the recall and write it.

    Raises
    ------
    UserError
        If a file cannot be read, is invalid or does not fit, or an option is invalid.
    """
    from bsnpp.cli.inputs import read_screened, read_truth
    from bsnpp.cli.output import show, show_row, write_json
    from bsnpp.evaluation.metrics import proposal_metrics
    from bsnpp.evaluation.proposals import average_recall
    from bsnpp.evaluation.protocols import protocol_name
    from bsnpp.evaluation.thresholds import parse_thresholds

    thresholds = parse_thresholds(arguments.tiou)
    truth = read_truth(arguments)
    _, screened = read_screened(arguments, arguments.proposals, truth, labels=False)
    videos = sorted({*truth.videos["video"], *screened.table["video"]})
    scores = average_recall(truth.instances, screened.table, videos, arguments.most, thresholds)
    metrics = proposal_metrics(scores)
    shown = [number for number in (1, 5, 10, 50, 100) if number < arguments.most] + [arguments.most]
    print()
    show_row("AR@AN [%]", {f"@{number}": metrics["AR"][str(number)] for number in shown})
    show("AUC", f"{100 * metrics['AUC']:.2f} %")
    show_row(f"recall @{arguments.most}", metrics["recall"])
    counts = {
        "videos": len(truth.videos), "instances": len(truth.instances), "predictions": len(screened.table)
    }  # fmt: skip
    head = {
        "subset": truth.subset,
        "protocol": protocol_name(truth.subset, len(truth.videos)),
        "counts": counts,
        "proposals": arguments.proposals,
        "notes": screened.notes,
    }
    write_json(arguments.output, head | metrics)
