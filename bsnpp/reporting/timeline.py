"""Figure of the detections in one video over time."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from bsnpp.core.segments import temporal_iou
from bsnpp.reporting.segment_rows import class_colours, segment_rows
from bsnpp.reporting.style import lighten

TIOU = 0.7
"""An instance counts as detected if a detection with its label has at least this tIoU with it."""


def share_detected(video: str, instances: pd.DataFrame, detections: pd.DataFrame) -> float:
    """Compute the share of a video's n instances that are detected by its n best detections.

    Parameters
    ----------
    video : str
        Id of the video.
    instances : DataFrame[video, start, end, label]
        Ground truth, of other videos too [s].
    detections : DataFrame[video, label, score, start, end]
        Detections, of other videos too [s].

    Returns
    -------
    float
        Share in [0, 1]; NaN without instances.
    """
    truth = instances[instances["video"] == video]
    best = best_detections(video, detections, len(truth))
    pairs = truth.reset_index().merge(best, on="label", suffixes=("", "_detected"))
    edges = (pairs[name].to_numpy(float) for name in ("start", "end", "start_detected", "end_detected"))
    detected = pairs.loc[temporal_iou(*edges) >= TIOU, "index"].nunique()
    return detected / len(truth) if len(truth) else float("nan")


def best_detections(video: str, detections: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return the detections of a video with the highest scores, best first."""
    own = detections[detections["video"] == video]
    return own.sort_values("score", ascending=False, kind="stable").head(count)


def rank_videos(videos: Sequence[str], instances: pd.DataFrame, detections: pd.DataFrame) -> list[str]:
    """Sort videos by the share of their instances that are detected, worst first.

    Only videos with two or more instances are ranked; if there are none, all videos are.

    Parameters
    ----------
    videos : sequence of str
        Ids of the videos.
    instances, detections : pd.DataFrame
        As for `share_detected`.

    Returns
    -------
    list of str
        Ids of the ranked videos; ties keep the order of `videos`.
    """
    counts = instances["video"].value_counts().reindex(list(videos), fill_value=0)
    chosen = counts[counts >= min(2, counts.max())].index
    shares = pd.Series({video: share_detected(video, instances, detections) for video in chosen}).fillna(0.0)
    return [str(video) for video in shares.sort_values(kind="stable").index]


def detections_timeline(
    video: str, duration: float, instances: pd.DataFrame, detections_by_variant: Mapping[str, pd.DataFrame]
) -> Figure:
    """Draw the instances of a video and the best detections of several variants, a row per class.

    As many detections are shown as the video has instances (at least one), so the rows of a perfect variant
    would look like the ground truth.

    Parameters
    ----------
    video : str
        Id of the video.
    duration : float
        Duration of the video [s].
    instances : DataFrame[video, start, end, label]
        Ground truth [s]; rows of other videos are ignored.
    detections_by_variant : mapping of str to DataFrame[video, label, score, start, end]
        Detections of each variant [s]; rows of other videos are ignored.
    """
    truth = instances[instances["video"] == video].sort_values("start", kind="stable")
    shown = {
        name: best_detections(video, table, max(1, len(truth)))
        for name, table in detections_by_variant.items()
    }
    labels = list(truth["label"].unique())
    colours = class_colours(labels)
    rows = {name: [*labels, *sorted(set(table["label"]) - set(labels))] for name, table in shown.items()}
    heights = [max(1, len(names)) + 0.5 for names in (labels, *rows.values())]
    figure = Figure(figsize=(10.0, 1.3 + 0.35 * len(heights) + 0.2 * sum(heights)), layout="constrained")
    panels = figure.subplots(len(heights), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    bars = truth.assign(score=1.0)
    segment_rows(
        panels[0], "ground truth" if len(truth) else "ground truth: no instances", bars, labels, colours
    )
    for axes, (name, table) in zip(panels[1:], shown.items(), strict=True):
        share = share_detected(video, instances, table)
        title = f"{name}: {share:.0%} of the instances detected at tIoU {TIOU}" if len(truth) else name
        segment_rows(axes, title if len(table) else f"{name}: no detections", table, rows[name], colours)
    for axes in panels:
        for _, instance in truth.iterrows():
            colour = lighten(colours[instance["label"]], 0.12)
            axes.axvspan(instance["start"], instance["end"], color=colour, linewidth=0, zorder=0)
        axes.set_xlim(0.0, duration)
    panels[-1].set_xlabel("time (s)")
    others = any(not set(names) <= set(labels) for names in rows.values())
    note = "; grey: class not in the video" if others else ""
    title = f"{video}: instances and best detections (darker: higher score{note})"
    figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    return figure
