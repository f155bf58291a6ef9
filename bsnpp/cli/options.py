"""Define the options that the verbs share. Imports nothing heavy, so that help is quick."""

import argparse
from collections.abc import Callable


def add_truth(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose the ground truth."""
    group = parser.add_argument_group("ground truth")
    group.add_argument(
        "--annotations",
        required=True,
        metavar="FILE",
        help="annotations: ActivityNet, THUMOS or BMN JSON, or a CSV of segments",
    )
    group.add_argument(
        "--subset", default="validation", metavar="NAME", help="name of the subset in the file (validation)"
    )
    group.add_argument(
        "--subset-table", metavar="FILE", help="CSV with the columns video and subset, for BMN JSON"
    )
    group.add_argument(
        "--video-table", metavar="FILE", help="CSV with the columns video and duration, for a CSV of segments"
    )
    group.add_argument(
        "--label", choices=["verb", "noun", "action"], help="classes of the CSV of EPIC-Kitchens"
    )
    group.add_argument(
        "--class-names", nargs="+", default=[], metavar="FILE", help="names of integer labels, one per line"
    )
    group.add_argument(
        "--only", metavar="FILE", help="only these videos: one id a line, or a CSV with the column video"
    )
    group.add_argument("--exclude", metavar="FILE", help="not these videos: one id a line")
    group.add_argument("--classes", metavar="FILE", help="all classes, one a line (those of the annotations)")
    group.add_argument(
        "--duplicates",
        choices=["keep", "drop"],
        default="keep",
        help="duplicate instances: keep them like the official script, or drop them (keep)",
    )


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how to read predictions."""
    group = parser.add_argument_group("reading of predictions")
    choice = group.add_mutually_exclusive_group()
    choice.add_argument("--strict", action="store_true", help="refuse predictions that do not fit")
    choice.add_argument(
        "--verbatim", action="store_true", help="repair nothing, to evaluate what the official script would"
    )
    group.add_argument(
        "--class-numbers", metavar="FILE", help="lines of number and class, for THUMOS text (THUMOS14)"
    )


def add_evaluation(parser: argparse.ArgumentParser, resamples: int) -> None:
    """Add all options of a verb that computes mAP; `resamples` is the default of the bootstrap."""
    add_thresholds(parser)
    add_class_agnostic(parser)
    add_bootstrap(parser, resamples)
    add_output(parser)
    add_truth(parser)
    add_reading(parser)


def add_thresholds(parser: argparse.ArgumentParser) -> None:
    """Add the option that lists the tIoU thresholds."""
    parser.add_argument(
        "--tiou",
        default="0.5:0.95:0.05",
        metavar="LIST",
        help="tIoU thresholds: start:end:step or numbers with commas (0.5:0.95:0.05)",
    )


def add_class_agnostic(parser: argparse.ArgumentParser) -> None:
    """Add the option that ignores the labels."""
    parser.add_argument("--class-agnostic", action="store_true", help="ignore the labels")


def add_bootstrap(parser: argparse.ArgumentParser, resamples: int) -> None:
    """Add the options of the bootstrap; `resamples` is the default, and only 0 can switch it off."""
    parser.add_argument(
        "--resamples",
        type=whole_number(1 if resamples else 0),
        default=resamples,
        metavar="N",
        help=f"bootstrap resamples for 95 %% intervals ({resamples or 'none'})",
    )
    parser.add_argument(
        "--groups", metavar="FILE", help="table of video and group (tabs), to resample groups, e.g. persons"
    )
    parser.add_argument(
        "--seed", type=whole_number(0), default=0, metavar="N", help="seed of the resampling (0)"
    )


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the JSON file to write."""
    parser.add_argument("--output", metavar="FILE", help="JSON to write")


def whole_number(least: int) -> Callable[[str], int]:
    """Return a parser of whole numbers from `least` to a million."""

    def parse(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= 1_000_000:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to 1,000,000")
        return int(text)

    return parse
