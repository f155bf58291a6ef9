"""Figure of one video: instances, boundary probabilities, confidences and detections on one time axis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from bsnpp.core.segments import temporal_iou
from bsnpp.core.wording import counted
from bsnpp.evaluation.matching import match_detections
from bsnpp.reporting.segment_rows import class_colours, segment_rows
from bsnpp.reporting.style import HUES, lighten
from bsnpp.reporting.svg_notes import Note
from bsnpp.reporting.video_maps import VideoMaps

TIOU = 0.5
"""A detection is a hit if it matches an instance at this tIoU."""

LEAST = 5
"""As many detections are shown as the video has instances, but at least this number."""

WHITE_TO_DARK = LinearSegmentedColormap.from_list("confidence", [(1, 1, 1), (0.5, 0.62, 0.8), (0, 0.12, 0.3)])
"""Colours from white to dark blue; red falls in a straight line, so that a script can read values."""

NOTHING = "#EBEBEB"
"""Colour where there is no proposal."""

WIDTH, RIGHT = 7.0, 0.2
ABOVE, BELOW, TOP = 0.26, 0.55, 0.3
CURVES, IMAGE, ROW = 0.65, 1.15, 0.2
"""Sizes [inch]: the figure, space around and between its panels, and the panels."""

LEFT, LETTER, LONGEST = 0.3, 0.07, 28
"""Space to the left of the panels: a margin and a letter [inch], and the most letters of a name."""


@dataclass
class VideoFigure:
    """A figure with notes on its elements.

    Attributes
    ----------
    figure : Figure
        The drawing.
    notes : dict of str to Note
        Notes by the id of an artist: segments with label, score and tIoU, and confidence maps.
    """

    figure: Figure
    notes: dict[str, Note] = field(default_factory=dict)


def video_figure(
    title: str,
    duration: float,
    instances: pd.DataFrame,
    detections: Mapping[str, pd.DataFrame],
    maps: Sequence[VideoMaps],
) -> VideoFigure:
    """Draw one video, one panel below the other on one time axis.

    Parameters
    ----------
    title : str
        Text above everything.
    duration : float
        Duration of the video [s].
    instances : DataFrame[start, end, label]
        Its instances [s].
    detections : mapping of str to DataFrame[label, score, start, end]
        Its detections [s] by variant.
    maps : sequence of VideoMaps
        Its maps, of each generator; may be empty.
    """
    truth = instances.sort_values("start", kind="stable").reset_index(drop=True)
    shown = {
        name: _ranked(table, truth, f"detection-{index}")
        for index, (name, table) in enumerate(detections.items())
    }
    labels = list(truth["label"].unique())
    rows = {name: [*labels, *sorted(set(table["label"]) - set(labels))] for name, table in shown.items()}
    heights = [ROW * (len(labels) + 0.5), *[CURVES, IMAGE] * len(maps)]
    heights += [ROW * (max(1, len(names)) + 0.5) for names in rows.values()]
    result = VideoFigure(Figure())
    letters = min(
        LONGEST, max(10, *map(len, {"", *labels, *(name for one in rows.values() for name in one)}))
    )
    panels = _panels(result.figure, heights, LEFT + LETTER * letters)
    count = counted(len(truth), "instance") if len(truth) else "no instances"
    bars = truth.assign(score=1.0, name=[f"instance-{index}" for index in truth.index])
    segment_rows(panels[0], f"ground truth: {count}", bars, labels, class_colours(labels))
    for bar in bars.itertuples():
        text = f"ground truth: {bar.label}, {bar.start:.1f} s to {bar.end:.1f} s"
        result.notes[str(bar.name)] = Note(text)
    images = panels[2 : 1 + 2 * len(maps) : 2]
    for index, (one, curves, image) in enumerate(zip(maps, panels[1::2], images, strict=False)):
        draw_curves(curves, one)
        curves.set_title(f"{one.name}: boundaries", loc="left", fontsize=9)
        draw_confidence(image, one, truth, duration)
        image.set_gid(f"map-{index}")
        explained = f"confidence by centre and length, white 0 to dark {one.peak:.2f}; rings: instances"
        image.set_title(f"{one.name}: {explained}", loc="left", fontsize=9)
        data = {name: f"{value:.6g}" for name, value in (("cell", one.cell), ("peak", one.peak))}
        result.notes[f"map-{index}"] = Note(f"{one.name}: confidence of every proposal", data)
    for axes, (name, table) in zip(panels[1 + 2 * len(maps) :], shown.items(), strict=True):
        hits = f"hits at tIoU {TIOU:g} (black edge): {int(table['hit'].sum())}"
        best = counted(len(table), "best detection")
        heading = f"{name}: {best}; {hits}" if len(table) else f"{name}: no detections"
        segment_rows(axes, heading, table, rows[name], class_colours(labels))
        result.notes.update(zip(table["name"], _notes(name, table), strict=True))
    for axes in panels:
        for start, end, label in zip(truth["start"], truth["end"], truth["label"], strict=True):
            if axes not in images:
                pale = lighten(class_colours(labels)[label], 0.12)
                axes.axvspan(start, end, color=pale, linewidth=0, zorder=-1)
        names = [label.get_text() for label in axes.get_yticklabels()]
        if any(len(name) > LONGEST for name in names):
            short = [name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…" for name in names]
            axes.set_yticks(range(len(short)), short)
        axes.set_xlim(0.0, duration)
        axes.tick_params(labelbottom=axes is panels[-1])
    panels[-1].set_xlabel("time (s)")
    result.figure.suptitle(title, x=0.01, y=1 - 0.08 / result.figure.get_figheight(), ha="left", fontsize=11)
    return result


def _panels(figure: Figure, heights: Sequence[float], left: float) -> list[Axes]:
    """Add panels with one time axis: heights from top to bottom, and space to their left [inch]."""
    total = TOP + sum(heights) + ABOVE * len(heights) + BELOW
    figure.set_size_inches(WIDTH, total)
    panels: list[Axes] = []
    place = total - TOP
    for height in heights:
        place -= ABOVE + height
        box = (left / WIDTH, place / total, (WIDTH - left - RIGHT) / WIDTH, height / total)
        panels.append(figure.add_axes(box, sharex=panels[0] if panels else None))
    return panels


def _ranked(detections: pd.DataFrame, truth: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the best detections with the columns rank, tiou (with its class), hit, and name."""
    best = detections.sort_values("score", ascending=False, kind="stable").head(max(LEAST, len(truth)))
    best = best.reset_index(drop=True).assign(video="")
    overlap = temporal_iou(
        *(best[edge].to_numpy(float)[:, None] for edge in ("start", "end")),
        *(truth[edge].to_numpy(float)[None] for edge in ("start", "end")),
    )
    same = best["label"].to_numpy()[:, None] == truth["label"].to_numpy()[None]
    hit = np.zeros(len(best), dtype=bool)
    if len(truth) and len(best):
        matches = match_detections(truth.assign(video=""), best, [TIOU])
        hit[matches.row] = matches.true_positive[0]
    return best.assign(
        rank=np.arange(1, len(best) + 1),
        tiou=np.where(same, overlap, 0.0).max(axis=1, initial=0.0),
        hit=hit,
        name=[f"{name}-{index}" for index in best.index],
    )


def _notes(variant: str, table: pd.DataFrame) -> list[Note]:
    """Return the notes on the detections of one variant."""
    return [
        Note(
            f"{variant}, rank {one.rank}: {one.label}, score {one.score:.3g}, "
            f"{one.start:.1f} s to {one.end:.1f} s; best tIoU with its class {one.tiou:.2f}"
            + (f", hit at {TIOU:g}" if one.hit else "")
        )
        for one in table.itertuples()
    ]


def draw_curves(axes: Axes, maps: VideoMaps, legend: bool = True) -> None:
    """Draw the start and end probabilities over time."""
    times = (np.arange(maps.boundary.shape[1]) + 0.5) * maps.cell / 2
    for name, line, colour, values in zip(
        ("start", "end"), ("-", "--"), (HUES[0], HUES[3]), maps.boundary, strict=True
    ):
        axes.plot(times, values, line, color=colour, linewidth=1.3, label=name)
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([0, 0.5, 1])
    axes.tick_params(axis="y", labelsize=8)
    axes.set_ylabel("probability", fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    if legend:
        axes.legend(
            fontsize=8, frameon=False, ncols=2, loc="lower right", bbox_to_anchor=(1.0, 0.95),
            borderaxespad=0.0,
        )  # fmt: skip


def draw_confidence(
    axes: Axes,
    maps: VideoMaps,
    truth: pd.DataFrame,
    duration: float,
    peak: float | None = None,
) -> None:
    """Draw the confidence of every proposal by its centre and length, and a ring for every instance.

    Parameters
    ----------
    axes : Axes
        Where to draw; time on the x axis.
    maps : VideoMaps
        The maps.
    truth : DataFrame[start, end]
        Instances [s].
    duration : float
        Duration of the video [s].
    peak : float, optional
        Confidence of the darkest colour. Default: the highest of the map.
    """
    axes.imshow(
        maps.confidence,
        cmap=WHITE_TO_DARK,
        vmin=0.0,
        vmax=max(maps.peak if peak is None else peak, 1e-12),
        extent=(0.0, maps.seconds, maps.cell / 2, maps.longest + maps.cell / 2),
        origin="lower",
        aspect="auto",
        interpolation="none",
    )
    axes.set_facecolor(NOTHING)
    length = truth["end"] - truth["start"]
    for colour, width in (("white", 2.6), (HUES[3], 1.2)):
        axes.plot(
            truth["start"] + length / 2, length, "o", markersize=6, markerfacecolor="none",
            markeredgecolor=colour, markeredgewidth=width, clip_on=False,
        )  # fmt: skip
    axes.set_ylim(0.0, min(maps.longest, duration) + maps.cell / 2)
    axes.tick_params(axis="y", labelsize=8)
    axes.set_ylabel("length (s)", fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
