"""Show results on the terminal and write them to files."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bsnpp.core.files import whole_file
from bsnpp.core.wording import counted

WIDTH = 14
"""Columns of the terminal that names take."""


def show(name: str, text: str) -> None:
    """Print one line: a name, then the text."""
    print(f"{name:<{WIDTH}}{text}")


def percent(share: float, sign: str = "") -> str:
    """Write a share as a percentage with two decimals; `sign` "+" writes the sign. NaN gives a dash."""
    return "-" if math.isnan(share) else f"{100 * share:{sign}.2f}"


def show_row(name: str, values: Mapping[str, float], per_line: int = 5) -> None:
    """Print shares as percentages, each with its key, a few on a line."""
    cells = [f"{key}: {100 * value:5.2f}" for key, value in values.items()]
    for begin in range(0, len(cells), per_line):
        show(name if begin == 0 else "", "   ".join(cells[begin : begin + per_line]))


def show_table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a table; the first column is aligned to the left, the others to the right."""
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        aligned = [
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print("  ".join(aligned).rstrip())


def show_scores(report: Mapping[str, Any]) -> None:
    """Print mAP by tIoU and on average; `report` as `bsnpp evaluate` writes it."""
    print()
    show("submission", report["submission"])
    show_row("mAP [%]", report["mAP"])
    show("average mAP", f"{100 * report['average_mAP']:.2f} %")
    for row in report["denominators"][1:]:
        if row["average_mAP"] is not None:
            videos = f"{counted(row['videos'], 'video')} with an entry ({row['protocol']} protocol)"
            show("", f"{100 * row['average_mAP']:.2f} % over the {videos}")


def summary_lines(summary: Mapping[str, Any], resamples: int) -> Iterator[str]:
    """Describe the result of `summarise_runs`: mean, standard deviation and interval."""
    runs = len(summary["values"])
    if runs > 1:
        mean, deviation = 100 * summary["mean"], 100 * summary["deviation"]
        yield f"{mean:.2f} \u00b1 {deviation:.2f} %, mean and standard deviation of {runs} runs"
    if summary["interval"] is not None:
        low, high = (100 * bound for bound in summary["interval"])
        drawn = "videos and runs" if runs > 1 else "videos"
        yield f"95 % interval {low:.2f} to {high:.2f} %, from {counted(resamples, 'resample')} of the {drawn}"


def write_json(path: str | None, content: Mapping[str, Any]) -> None:
    """Write results as JSON, if a path was given, and show where.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    if path is None:
        return
    with whole_file(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    show("written", path)
