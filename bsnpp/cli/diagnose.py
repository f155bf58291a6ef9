"""Diagnose detections: why is the average mAP not higher?

Shows error types in the spirit of DETAD (Alwassel et al., 2018) and the average mAP if each were fixed, the
profile of false positives, missed instances and AP_N by coverage, length and number of instances, oracles,
and the metrics of action segmentation.
"""

import argparse
from typing import TYPE_CHECKING

from bsnpp.cli import options

if TYPE_CHECKING:
    from bsnpp.evaluation.diagnosis.diagnose import Diagnosis

EXAMPLE = """bsnpp diagnose --annotations activity_net.v1-3.min.json --submission submission.json \\
      --subset validation --figure diagnosis.png --tables diagnosis"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.add_argument("--submission", required=True, metavar="FILE", help="ActivityNet JSON or THUMOS text")
    options.add_thresholds(parser)
    parser.add_argument(
        "--at",
        type=float,
        metavar="TIOU",
        help="threshold of the counts (the first of --tiou)",
    )
    parser.add_argument(
        "--least-score",
        type=float,
        metavar="SCORE",
        help="score from which detections are segments (as many segments as there are instances)",
    )
    parser.add_argument("--figure", metavar="FILE", help="figure to draw (PNG or SVG)")
    parser.add_argument("--tables", metavar="FOLDER", help="folder for one CSV per table")
    options.add_output(parser)
    options.add_truth(parser)
    options.add_reading(parser)


def run(arguments: argparse.Namespace) -> None:
    """Diagnose the submission, show the tables, write and draw them.

    Raises
    ------
    UserError
        If a file cannot be read, is invalid or does not fit, or an option is invalid.
    """
    from bsnpp.cli.inputs import read_screened, read_truth
    from bsnpp.cli.output import show, write_json
    from bsnpp.core.errors import UserError
    from bsnpp.evaluation.diagnosis.diagnose import diagnose
    from bsnpp.evaluation.metrics import detection_metrics
    from bsnpp.evaluation.thresholds import parse_thresholds
    from bsnpp.stores.csv_tables import write_csv

    thresholds = parse_thresholds(arguments.tiou)
    if arguments.at is not None and arguments.at not in thresholds:
        raise UserError(f"--at {arguments.at:g} is not one of the thresholds {arguments.tiou}")
    if arguments.figure is not None and not arguments.figure.endswith((".png", ".svg")):
        raise UserError(f"--figure {arguments.figure}: the name must end with .png or .svg")
    truth = read_truth(arguments)
    _, screened = read_screened(arguments, arguments.submission, truth)
    diagnosis = diagnose(
        truth.instances, screened.table, truth.videos, thresholds, arguments.at, arguments.least_score
    )
    _show(diagnosis)
    tables = {name: getattr(diagnosis, name) for name in ("errors", "profile", "characteristics", "oracles")}
    if arguments.tables is not None:
        for name, table in tables.items():
            write_csv(f"{arguments.tables}/{name}.csv", table, decimals=6)
        show("written", f"{arguments.tables}/{{{','.join(tables)}}}.csv")
    if arguments.figure is not None:
        from bsnpp.reporting.diagnosis import diagnosis_figure
        from bsnpp.reporting.style import save

        save(diagnosis_figure(diagnosis), arguments.figure)
        show("drawn", arguments.figure)
    records = {name: table.astype(object).where(table.notna(), None) for name, table in tables.items()}
    write_json(
        arguments.output,
        {"submission": arguments.submission, "subset": truth.subset, "notes": screened.notes}
        | {"tiou": diagnosis.tiou, "segmental": diagnosis.segmental}
        | detection_metrics(diagnosis.scores)
        | {name: table.to_dict("records") for name, table in records.items()},
    )


def _show(diagnosis: "Diagnosis") -> None:
    """Print the tables."""
    from bsnpp.cli.output import percent, show, show_table
    from bsnpp.core.wording import counted

    print()
    show("average mAP", f"{percent(diagnosis.scores.average_map)} %; counts are at tIoU {diagnosis.tiou:g}")
    print()
    errors = diagnosis.errors
    show_table(
        ["error type", "count", "average mAP if fixed [%]", "gain"],
        zip(
            errors["type"],
            [f"{count:,}" for count in errors["count"]],
            map(percent, errors["average_map"]),
            [percent(gain, "+") for gain in errors["gain"]],
            strict=True,
        ),
    )
    print()
    profile = diagnosis.profile.pivot(index="type", columns="slice", values="share")
    show_table(
        ["share of the slice [%]", *(f"{number}G" for number in profile.columns)],
        ([str(name), *(f"{100 * share:.0f}" for share in row)] for name, row in profile.iterrows()),
    )
    print()
    rows = diagnosis.characteristics
    show_table(
        ["instances", "", "count", "missed [%]", "average", "AP_N [%]", "average"],
        zip(
            rows["characteristic"],
            rows["bin"],
            [f"{count:,}" for count in rows["instances"]],
            *(map(percent, rows[name]) for name in ("missed", "average_missed", "ap_n", "average_ap_n")),
            strict=True,
        ),
    )
    print()
    oracles = diagnosis.oracles
    show_table(
        ["oracle", "average mAP [%]", "gain"],
        zip(
            oracles["oracle"],
            map(percent, oracles["average_map"]),
            [percent(gain, "+") for gain in oracles["gain"]],
            strict=True,
        ),
    )
    print()
    values = diagnosis.segmental
    names = ("F1@10", "F1@25", "F1@50", "edit", "accuracy")
    show("segmentation", "   ".join(f"{name}: {percent(values[name])}" for name in names))
    show("", f"{counted(values['segments'], 'segment')} of a score of at least {values['least_score']:.4g}")
