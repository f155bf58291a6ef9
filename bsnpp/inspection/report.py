"""Write an inspection as text, the same for the command and for the workflow."""

from collections.abc import Iterator

import pandas as pd

from bsnpp.core.wording import counted
from bsnpp.inspection.inspect import Inspection
from bsnpp.inspection.tables import scale_table, stream_table, subset_table


def report_text(inspection: Inspection) -> str:
    """Return the tables, the assumptions and the findings of an inspection, faults first, and its result."""
    blocks = [
        f"{title}:\n{_aligned(table)}"
        for title, table in (
            ("Annotations", subset_table(inspection)),
            ("Features (numbers of videos; snippets: least / median / most)", stream_table(inspection)),
            (
                "Instances by scale T (short: shorter than a cell; lost: no proposal reaches this tIoU)",
                scale_table(inspection),
            ),
        )
        if len(table)
    ]
    blocks.append("\n".join(["Assumed:", *(f"  {line}" for line in inspection.assumptions)]))
    ordered = sorted(inspection.findings, key=lambda finding: finding.level != "fault")
    blocks += ["\n".join(finding.lines()) for finding in ordered]
    return "\n\n".join([*blocks, verdict(inspection)]) + "\n"


def verdict(inspection: Inspection) -> str:
    """Return one sentence: whether the data can be used, and the number of findings."""
    warnings = counted(len(inspection.findings) - len(inspection.faults), "warning")
    if inspection.faults:
        faults = counted(len(inspection.faults), "fault")
        return f"{inspection.challenge}: {faults} would stop the run, and {warnings}"
    return f"{inspection.challenge}: usable, {warnings}"


def _aligned(table: pd.DataFrame) -> str:
    """Return the lines of a table: text aligned to the left, numbers to the right."""
    lines = [list(map(str, table.columns)), *([str(cell) for cell in row] for row in table.to_numpy())]
    return "\n".join(_lines(lines, [pd.api.types.is_numeric_dtype(kind) for kind in table.dtypes]))


def _lines(lines: list[list[str]], numeric: list[bool]) -> Iterator[str]:
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    for line in lines:
        cells = zip(line, widths, numeric, strict=True)
        yield (
            "  "
            + "  ".join(
                cell.rjust(width) if right else cell.ljust(width) for cell, width, right in cells
            ).rstrip()
        )
