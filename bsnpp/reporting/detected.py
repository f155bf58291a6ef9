"""Figure of the detections in one new video over time."""

import pandas as pd
from matplotlib.figure import Figure

from bsnpp.core.wording import counted
from bsnpp.reporting.segment_rows import class_colours, segment_rows


def detected_figure(video: str, duration: float, detections: pd.DataFrame) -> Figure:
    """Draw the detections of a video, a row per class, the class of the best detection on top.

    Parameters
    ----------
    video : str
        Id of the video.
    duration : float
        Duration of the video [s].
    detections : DataFrame[label, score, start, end]
        Detections to show [s], best first.
    """
    labels = list(detections["label"].unique())
    figure = Figure(figsize=(10.0, 1.1 + 0.3 * max(1, len(labels))), layout="constrained")
    axes = figure.subplots()
    segment_rows(axes, "", detections, labels, class_colours(labels))
    axes.set_xlim(0.0, duration)
    axes.set_xlabel("time (s)")
    scores = detections["score"]
    best = counted(len(scores), "best detection")
    note = f"{best}, scores {scores.max():.2f} to {scores.min():.2f} (darker: higher)"
    title = f"{video}: {note if len(scores) else 'no detections'}"
    figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    return figure
