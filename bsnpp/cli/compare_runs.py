"""Compare two runs of the workflow: configuration, packages, weights, checksums, and scores.

Reads `manifest.json` and `tables/ablation.csv` of both results folders.
"""

import argparse
from typing import TYPE_CHECKING, Any

from bsnpp.cli import options

if TYPE_CHECKING:
    import pandas as pd

EXAMPLE = "bsnpp compare-runs results/demo results/mine"

WIDEST = 48
"""Longest value that is shown; longer ones are cut."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.add_argument("first", metavar="A", help="results folder of a run, or its manifest.json")
    parser.add_argument("second", metavar="B", help="results folder of the other run")
    parser.add_argument(
        "--shown", type=options.whole_number(0), default=40, metavar="N", help="differences to list (40)"
    )
    options.add_output(parser)


def run(arguments: argparse.Namespace) -> None:
    """Compare two runs, show the differences and write them.

    Raises
    ------
    UserError
        If a manifest or table is missing or invalid.
    """
    from pathlib import Path

    from bsnpp.cli.output import show, show_table, write_json
    from bsnpp.core.wording import counted
    from bsnpp.summary.comparison import (
        manifest_differences,
        read_scores,
        score_differences,
        unshared_rows,
    )
    from bsnpp.summary.manifest import read_manifest

    manifests, tables = [], []
    for name, given in zip("AB", (arguments.first, arguments.second), strict=True):
        manifests.append(read_manifest(given))
        folder = Path(given) if Path(given).is_dir() else Path(given).parent
        tables.append(read_scores(folder / "tables" / "ablation.csv"))
        show(name, f"{given}: {manifests[-1]['challenge']}, submitted {manifests[-1].get('variant')}")
    differences = manifest_differences(*manifests)
    scores = score_differences(*tables)
    unshared = {"A": unshared_rows(*tables), "B": unshared_rows(*reversed(tables))}

    print()
    show("manifests", counted(len(differences), "difference") if differences else "no difference")
    if differences and arguments.shown:
        rows = [[key, _value(one), _value(other)] for key, one, other in differences[: arguments.shown]]
        show_table(["key", "A", "B"], rows)
    if len(differences) > arguments.shown:
        show("", f"and {len(differences) - arguments.shown:,} more; --shown or --output lists them")
    print()
    show_table(
        ["variant", "subset", "average mAP A", "B", "B - A", "AUC A", "B", "B - A"],
        map(_row, _records(scores)),
    )
    for name, missing in unshared.items():
        if missing:
            show(f"only in {name}", "; ".join(missing))
    write_json(
        arguments.output,
        {
            "A": arguments.first,
            "B": arguments.second,
            "differences": [difference._asdict() for difference in differences],
            "scores": _records(scores),
            "only_in": unshared,
        },
    )


def _records(scores: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return rows with None for missing values."""
    records = scores.astype(object).where(scores.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in records]


def _row(score: dict[str, Any]) -> list[str]:
    """Return the cells of one row of scores."""
    cells = [score["variant"], score["subset"]]
    for name in ("average_map", "auc"):
        for part, sign in (("first", ""), ("second", ""), ("difference", "+")):
            value = score.get(f"{name}_{part}")
            cells.append("-" if value is None else f"{value:{sign}.2f}")
    return cells


def _value(value: Any) -> str:
    """Return a value as short text."""
    text = "-" if value is None else str(value)
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 3]}..."
