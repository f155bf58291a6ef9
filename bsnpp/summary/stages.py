"""Time and memory of every stage, from the benchmark files of Snakemake."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pandas as pd


def stage_costs(folder: str | Path) -> pd.DataFrame:
    """Summarise time and memory by stage.

    Parameters
    ----------
    folder : str or Path
        Folder of the benchmark files (TSV); a subfolder per stage. Files that cannot be read are skipped, as
        another job may be writing them.

    Returns
    -------
    pd.DataFrame
        Columns stage, jobs, total [s], longest job [s], peak memory [MB]; the slowest stage first. Peak
        memory is NaN if every job of the stage ended before it was measured.
    """
    rows = [row for path in sorted(Path(folder).glob("**/*.tsv")) for row in _rows(path, Path(folder))]
    jobs = pd.DataFrame(rows, columns=["stage", "seconds", "memory"])
    stages = jobs.groupby("stage", sort=True)
    table = pd.DataFrame(
        {
            "jobs": stages.size(),
            "total [s]": stages["seconds"].sum(),
            "longest job [s]": stages["seconds"].max(),
            "peak memory [MB]": stages["memory"].max(),
        }
    )
    return table.sort_values("total [s]", ascending=False, kind="stable").rename_axis("stage").reset_index()


def _rows(path: Path, folder: Path) -> Iterator[tuple[str, float, float]]:
    """Yield stage, seconds and peak memory of every repetition in a benchmark file."""
    stage = path.relative_to(folder).parts[0].removesuffix(".tsv")
    try:
        lines = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
    except (OSError, UnicodeDecodeError):
        return
    for line in lines:
        seconds, memory = _number(line.get("s")), _number(line.get("max_rss"))
        if seconds == seconds:
            yield stage, seconds, memory


def _number(text: str | None) -> float:
    """Return a number; NaN for "-", "NA" and other texts."""
    try:
        return float(text or "nan")
    except ValueError:
        return float("nan")
