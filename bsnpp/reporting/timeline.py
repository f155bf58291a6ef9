"""The detections of one video over time."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bsnpp.core.segments import temporal_iou
from bsnpp.reporting.style import GREY, HUES, lighten

FOUND = 0.7
"""An instance is found if a detection of its label overlaps it by this tIoU or more."""


def share_found(video: str, instances: pd.DataFrame, detections: pd.DataFrame) -> float:
    """Share of a video's n instances that are among its n best detections; NaN without instances.

    Parameters
    ----------
    video : str
        Id of the video.
    instances : pd.DataFrame
        Columns video, start, end, label.
    detections : pd.DataFrame
        Columns video, label, score, start, end.
    """
    truth = instances[instances["video"] == video]
    best = best_detections(video, detections, len(truth))
    pairs = truth.reset_index().merge(best, on="label", suffixes=("", "_found"))
    edges = (pairs[name].to_numpy(float) for name in ("start", "end", "start_found", "end_found"))
    found = pairs.loc[temporal_iou(*edges) >= FOUND, "index"].nunique()
    return found / len(truth) if len(truth) else float("nan")


def best_detections(video: str, detections: pd.DataFrame, count: int) -> pd.DataFrame:
    """The detections of a video with the highest scores, best first."""
    own = detections[detections["video"] == video]
    return own.sort_values("score", ascending=False, kind="stable").head(count)


def detections_timeline(
    video: str, duration: float, instances: pd.DataFrame, detections_by_variant: Mapping[str, pd.DataFrame]
) -> Figure:
    """Draw one video: its instances, and below them each variant's best detections, a row for each class.

    As many detections are shown as the video has instances (at least one): were a variant perfect, its rows
    would look like the ground truth.

    Parameters
    ----------
    video : str
        Id of the video.
    duration : float
        Seconds.
    instances : pd.DataFrame
        Columns video, start, end (seconds), label; rows of other videos are left out.
    detections_by_variant : mapping of str to pd.DataFrame
        Columns video, label, score, start, end (seconds); rows of other videos are left out.
    """
    truth = instances[instances["video"] == video].sort_values("start", kind="stable")
    found = {
        name: best_detections(video, table, max(1, len(truth)))
        for name, table in detections_by_variant.items()
    }
    labels = list(truth["label"].unique())
    colours = {label: HUES[index % len(HUES)] for index, label in enumerate(labels)}
    rows = {name: [*labels, *sorted(set(table["label"]) - set(labels))] for name, table in found.items()}
    heights = [max(1, len(names)) + 0.5 for names in (labels, *rows.values())]
    figure = Figure(figsize=(10.0, 1.3 + 0.35 * len(heights) + 0.2 * sum(heights)), layout="constrained")
    panels = figure.subplots(len(heights), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    bars = truth.assign(score=1.0)
    _panel(panels[0], "ground truth" if len(truth) else "ground truth: no instance", bars, labels, colours)
    for axes, (name, table) in zip(panels[1:], found.items(), strict=True):
        share = share_found(video, instances, table)
        title = f"{name}: {share:.0%} of the instances found at tIoU {FOUND}" if len(truth) else name
        _panel(axes, title if len(table) else f"{name}: no detection", table, rows[name], colours)
    for axes in panels:
        for _, instance in truth.iterrows():
            colour = lighten(colours[instance["label"]], 0.12)
            axes.axvspan(instance["start"], instance["end"], color=colour, linewidth=0, zorder=0)
        axes.set_xlim(0.0, duration)
    panels[-1].set_xlabel("time (s)")
    others = any(not set(names) <= set(labels) for names in rows.values())
    note = "; grey: a class that the video lacks" if others else ""
    title = f"{video}: instances and best detections (stronger colour: higher score{note})"
    figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    return figure


def _lanes(bars: pd.DataFrame) -> list[int]:
    """Lanes for segments so that none hides another: each gets the first that is free over its length."""
    taken: list[list[tuple[float, float]]] = []
    lanes = []
    for start, end in zip(bars["start"], bars["end"], strict=True):
        free = (lane for lane, held in enumerate(taken) if all(end <= a or b <= start for a, b in held))
        lanes.append(next(free, len(taken)))
        if lanes[-1] == len(taken):
            taken.append([])
        taken[lanes[-1]].append((start, end))
    return lanes


def _panel(
    axes: Axes, title: str, bars: pd.DataFrame, labels: Sequence[str], colours: Mapping[str, str]
) -> None:
    """Draw segments in the rows of their labels, overlapping ones below each other, the strongest first."""
    strongest = max(bars["score"].max(), 1e-12) if len(bars) else 1.0
    for label in bars["label"].unique():
        row = bars[bars["label"] == label]
        lanes = _lanes(row)
        height = 0.65 / (max(lanes) + 1)
        for lane, (_, bar) in zip(lanes, row.iterrows(), strict=True):
            colour = lighten(colours.get(label, GREY), 0.25 + 0.75 * bar["score"] / strongest)
            place, length = labels.index(label) + (lane + 0.5) * height - 0.325, bar["end"] - bar["start"]
            axes.barh(
                place, length, height, left=bar["start"], color=colour, edgecolor="white", linewidth=0.6
            )
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4 if labels else 0.5, -0.6)
    axes.set_title(title, loc="left", fontsize=9)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0, labelsize=8)
