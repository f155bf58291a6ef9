"""Compare two systems: which is better, by how much, and in which classes.

The difference has an interval from resampled videos. Both systems are scored on the same resamples, so that
the interval does not contain the variation that they share.
"""

import argparse

from bsnpp.cli import options

EXAMPLE = "bsnpp compare A.json B.json --annotations activity_net.v1-3.min.json --subset validation"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.add_argument("first", metavar="A", help="detections: ActivityNet JSON or THUMOS text")
    parser.add_argument("second", metavar="B", help="detections of the other system")
    parser.add_argument("--more-a", nargs="+", default=[], metavar="FILE", help="further runs of A (seeds)")
    parser.add_argument("--more-b", nargs="+", default=[], metavar="FILE", help="further runs of B (seeds)")
    parser.add_argument(
        "--shown", type=options.whole_number(0), default=10, metavar="N", help="classes to list (10)"
    )
    options.add_evaluation(parser, resamples=1000)


def run(arguments: argparse.Namespace) -> None:
    """Compare the systems, show the difference and write it.

    Raises
    ------
    UserError
        If a file cannot be read, is invalid or does not fit, or an option is invalid.
    """
    from bsnpp.cli.inputs import read_systems, read_truth, resampling_groups
    from bsnpp.cli.output import show, show_table, write_json
    from bsnpp.evaluation.runs import compare_systems

    truth = read_truth(arguments)
    paths = [[arguments.first, *arguments.more_a], [arguments.second, *arguments.more_b]]
    matched, reports = read_systems(arguments, truth, [*paths[0], *paths[1]])
    groups = resampling_groups(arguments, truth, matched[0].videos)
    split = len(paths[0])
    result = compare_systems(matched[:split], matched[split:], arguments.resamples, arguments.seed, groups)

    print()
    for name, system, key in zip("AB", paths, ("first", "second"), strict=True):
        runs = f", mean of {len(system)} runs" if len(system) > 1 else ""
        show(f"{name}", f"{100 * result[key]:.2f} % average mAP{runs}: {', '.join(system)}")
    low, high = (100 * bound for bound in result["interval"])
    show("B - A", f"{100 * result['difference']:+.2f} points, 95 % interval {low:+.2f} to {high:+.2f}")
    verdict = {
        "first": "A is better",
        "second": "B is better",
        None: "no clear difference: the interval contains 0",
    }
    show("", f"{verdict[result['better']]} (B wins {100 * result['second_wins']:.1f} % of the resamples)")
    print()
    show_table(
        ["class", "instances", "A", "B", "B - A", "of the difference"],
        (
            [row["label"], str(row["instances"])]
            + [f"{100 * row[key]:.2f}" for key in ("first", "second")]
            + [f"{100 * row[key]:+.2f}" for key in ("difference", "contribution")]
            for row in result["classes"][: arguments.shown]
        ),
    )
    head = {"subset": truth.subset, "protocol": reports[0]["denominators"][0]["protocol"]}
    systems = {"A": reports[:split], "B": reports[split:]}
    write_json(arguments.output, head | result | systems)
