"""Evaluate detections: mAP by tIoU and AP by class, as the ActivityNet challenge computes them.

Several submissions are runs of one system, for example trainings with several seeds. The result is then the
mean over the runs, with their standard deviation and an interval that counts both runs and videos.
"""

import argparse
from typing import Any

from bsnpp.cli import options

EXAMPLE = """bsnpp evaluate --annotations activity_net.v1-3.min.json --submission submission.json \\
      --subset validation --tiou 0.5:0.95:0.05 --output metrics.json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.add_argument(
        "--submission", required=True, nargs="+", metavar="FILE", help="ActivityNet JSON or THUMOS text"
    )
    options.add_evaluation(parser, resamples=0)


def run(arguments: argparse.Namespace) -> None:
    """Evaluate the submissions, show the scores and write them.

    Raises
    ------
    UserError
        If a file cannot be read, is invalid or does not fit, or an option is invalid.
    """
    from bsnpp.cli.inputs import read_systems, read_truth, resampling_groups
    from bsnpp.cli.output import show, show_scores, summary_lines, write_json
    from bsnpp.evaluation.metrics import detection_metrics
    from bsnpp.evaluation.official import official_scores
    from bsnpp.evaluation.runs import summarise_runs

    truth = read_truth(arguments)
    matched, reports = read_systems(arguments, truth, arguments.submission)
    groups = resampling_groups(arguments, truth, matched[0].videos)
    content: dict[str, Any] = {
        "subset": truth.subset,
        "protocol": reports[0]["denominators"][0]["protocol"],
        "counts": {
            "videos": len(truth.videos),
            "instances": len(truth.instances),
            "classes": len(matched[0].labels),
            "predictions": sum(report["predictions"] for report in reports),
        },
    }
    for matches, report in zip(matched, reports, strict=True):
        report.update(detection_metrics(official_scores(matches)))
        show_scores(report)
    content |= reports[0] if len(reports) == 1 else {"submissions": reports}
    if len(matched) > 1 or arguments.resamples:
        content["runs"] = summarise_runs(matched, arguments.resamples, arguments.seed, groups)
        for line in summary_lines(content["runs"], arguments.resamples):
            show("", line)
    write_json(arguments.output, content)
