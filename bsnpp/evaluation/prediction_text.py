"""Read the text layout of THUMOS: lines of video, start, end, class number and score."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from bsnpp.core.duplicates import repeated
from bsnpp.core.errors import Faults
from bsnpp.core.files import read_text
from bsnpp.core.wording import counted
from bsnpp.evaluation.prediction_json import Columns

THUMOS14_CLASSES = {
    7: "BaseballPitch",
    9: "BasketballDunk",
    12: "Billiards",
    21: "CleanAndJerk",
    22: "CliffDiving",
    23: "CricketBowling",
    24: "CricketShot",
    26: "Diving",
    31: "FrisbeeCatch",
    33: "GolfSwing",
    36: "HammerThrow",
    40: "HighJump",
    45: "JavelinThrow",
    51: "LongJump",
    68: "PoleVault",
    78: "Shotput",
    79: "SoccerPenalty",
    85: "TennisSwing",
    92: "ThrowDiscus",
    93: "VolleyballSpiking",
}
"""Numbers of the 20 classes with temporal annotations in THUMOS14, as in its `detclasslist.txt`."""

Row = tuple[str, float, float, float]
"""Label, score, start [s], end [s]."""


def read_lines(
    text: str, labels: bool, class_numbers: Mapping[int, str], faults: Faults
) -> Iterator[Columns]:
    """Read the predictions of every video.

    Parameters
    ----------
    text : str
        Lines of video, start [s], end [s], class and score, separated by spaces or tabs. The class is a
        number or a name; without labels it may be missing.
    labels : bool
        Whether to read labels.
    class_numbers : mapping of int to str
        Name of every class number.
    faults : Faults
        Every fault is added here, with its line.

    Yields
    ------
    Columns
        Predictions of a video, in the order of the file.
    """
    rows: dict[str, list[Row]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        cells = line.split()
        if len(cells) == 5 or (len(cells) == 4 and not labels):
            try:
                row = _row(cells, labels, class_numbers)
            except ValueError as error:
                faults.add(f"line {number}: {error}")
            else:
                rows.setdefault(cells[0], []).append(row)
        elif cells:
            faults.add(f"line {number}: {counted(len(cells), 'column')} instead of 5: {line:.80}")
    for video, values in rows.items():
        names, *numbers = zip(*values, strict=True)
        yield Columns(video, list(names) if labels else [], *np.array(numbers, dtype=np.float64))


def _row(cells: list[str], labels: bool, class_numbers: Mapping[int, str]) -> Row:
    """Check one line; the message of a `ValueError` says what is wrong."""
    try:
        start, end, score = (float(cells[index]) for index in (1, 2, -1))
    except ValueError:
        raise ValueError(f"start, end and score should be numbers: {' '.join(cells):.80}") from None
    if not all(map(math.isfinite, (start, end, score))):
        raise ValueError(f"start, end and score should be finite: {' '.join(cells):.80}")
    if end < start:
        raise ValueError(f"ends at {end:g} s, before its start at {start:g} s")
    label = cells[3] if labels else ""
    if label.isdecimal():
        if int(label) not in class_numbers:
            raise ValueError(f"class number {label} is unknown; known are {_listed(class_numbers)}")
        label = class_numbers[int(label)]
    return label, score, start, end


def _listed(class_numbers: Mapping[int, str]) -> str:
    return ", ".join(map(str, sorted(class_numbers)))


def read_class_numbers(path: str | Path) -> dict[int, str]:
    """Read the numbers of the classes.

    Parameters
    ----------
    path : str or Path
        Lines of number and name, separated by spaces, as in `detclasslist.txt` of THUMOS.

    Returns
    -------
    dict of int to str
        Name of every class number.

    Raises
    ------
    UserError
        If the file is missing, unreadable or empty, or a line is not a number and a name.
    """
    lines = read_text(path, "lines of class number and name").splitlines()
    cells = [(number, line.split()) for number, line in enumerate(lines, start=1) if line.strip()]
    faults = Faults(f"{path}: invalid class numbers", "Write a number and a name on every line.")
    faults.extend(
        f"line {number}: {' '.join(parts):.80}"
        for number, parts in cells
        if len(parts) != 2 or not parts[0].isdecimal()
    )
    if not cells:
        faults.add("no class")
    faults.raise_if_any()
    faults.extend(
        f"class number {number} is listed more than once; remove the duplicate"
        for number in repeated(int(parts[0]) for _, parts in cells)
    )
    faults.raise_if_any()
    return {int(parts[0]): parts[1] for _, parts in cells}
