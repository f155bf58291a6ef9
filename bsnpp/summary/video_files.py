"""Files of the chosen videos, and their HTML."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bsnpp.core.files import read_text
from bsnpp.core.wording import counted
from bsnpp.reporting.style import save
from bsnpp.reporting.svg_notes import save_with_notes
from bsnpp.reporting.video_choice import Chosen
from bsnpp.reporting.video_figure import video_figure
from bsnpp.reporting.video_maps import VideoMaps
from bsnpp.summary.html import escape, folded

OPEN = 2
"""Number of videos that are unfolded at first."""


def write_video(
    number: int,
    chosen: Chosen,
    instances: pd.DataFrame,
    detections: Mapping[str, pd.DataFrame],
    maps: Sequence[VideoMaps],
    folder: Path,
) -> dict[str, Any]:
    """Draw one video and write `<number>.<first reason>.<video>` as PNG, and as SVG with notes.

    Parameters
    ----------
    number : int
        Its place among the chosen ones, from 1.
    chosen : Chosen
        The video.
    instances : pd.DataFrame
        Instances of all videos [s].
    detections : mapping of str to pd.DataFrame
        Detections of each variant in all videos [s].
    maps : sequence of VideoMaps
        Its maps.
    folder : Path
        Where to write.

    Returns
    -------
    dict
        Row of the table of chosen videos: file (without suffix), the attributes of `chosen`, and generators
        with maps.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """
    reason = re.sub(r"\W+", "_", chosen.reasons.partition(",")[0])
    name = f"{number:02d}.{reason}.{re.sub(r'[^A-Za-z0-9_.-]', '_', chosen.video)}"
    own = {variant: table[table["video"] == chosen.video] for variant, table in detections.items()}
    truth = instances[instances["video"] == chosen.video]
    drawing = video_figure(f"{chosen.video} ({chosen.reasons})", chosen.duration, truth, own, maps)
    row = {"file": name, **chosen._asdict(), "generators": " ".join(one.name for one in maps)}
    save(drawing.figure, folder / f"{name}.png")
    save_with_notes(drawing.figure, drawing.notes, alternative(row), folder / f"{name}.svg")
    return row


def alternative(row: Mapping[str, Any]) -> str:
    """Describe the figure of a chosen video for readers who cannot see it."""
    generators = str(row["generators"]) if row["generators"] == row["generators"] else ""
    maps = f", boundary probabilities and confidences of {' and '.join(generators.split())}"
    return (
        f"Video {row['video']} ({row['reasons']}) over time: {row['instances']} annotated instances"
        f"{maps if generators else ''}, and the best detections"
    )


def videos_html(table: pd.DataFrame, folder: str | Path) -> str:
    """Return the chosen videos as HTML, with the SVG files inside.

    Parameters
    ----------
    table : pd.DataFrame
        Rows of `write_video`.
    folder : str or Path
        Folder of the figures.

    Raises
    ------
    UserError
        If a figure cannot be read.
    """
    parts = []
    for index, row in enumerate(table.to_dict("records")):
        drawing = _inline(read_text(Path(folder) / f"{row['file']}.svg", "a drawing"), f"v{index + 1}-")
        facts = [
            counted(row["instances"], "instance"),
            f"{row['duration']:.1f} s",
        ]
        if not np.isnan(row["score"]):
            facts.append(f"mAP {100 * row['score']:.1f} %")
        if not np.isnan(row["change"]):
            facts.append(f"last step {100 * row['change']:+.1f} points")
        title = f"{row['reasons']}: {row['video']} ({', '.join(facts)})"
        parts.append(folded(title, f'<figure class="video">\n{drawing}</figure>\n', index < OPEN))
    return "".join(parts)


def _inline(svg: str, prefix: str) -> str:
    """Prepare an SVG file for a page that has several: without declarations, and with ids of its own."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r' xmlns(:\w+)?="[^"]*"', "", body)
    body = re.sub(r'(\sid="|url\(#|href="#)', rf"\g<1>{escape(prefix)}", body)
    return re.sub(
        r'(<svg\b[^>]*?) width="[^"]*pt"', r"\1", re.sub(r'(<svg\b[^>]*?) height="[^"]*pt"', r"\1", body)
    )
