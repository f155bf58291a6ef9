"""Figure of the weights of a blend."""

import pandas as pd
from matplotlib.figure import Figure

from bsnpp.reporting.style import COLOURS, plain_axes

METRICS = {"auc": "AUC of AR@AN (%)", "ar_100": "AR@100 (%)", "average_map": "average mAP (%)"}
"""Labels of the metrics that encoders are weighted by."""


def weights_bars(table: pd.DataFrame, metric: str) -> Figure:
    """Draw the score of each member alone, the score of their fusion, and the weights.

    Parameters
    ----------
    table : DataFrame[member, score, weight, fused]
        Scores and weights in [0, 1].
    metric : str
        Metric of the scores, a key of `METRICS`.
    """
    figure = Figure(figsize=(9.0, 1.5 + 0.35 * len(table)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    score, fused = 100 * table["score"].to_numpy(), 100 * float(table["fused"].iloc[0])
    left.plot(score, table["member"], "o", color=COLOURS[0], label="alone")
    left.axvline(fused, color=COLOURS[3], label=f"fused: {fused:.2f}")
    plate = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
    for name, value in zip(table["member"], score, strict=True):
        left.annotate(
            f"{value:.2f}",
            (value, name),
            (0, 6),
            textcoords="offset points",
            fontsize=8,
            ha="center",
            bbox=plate,
        )
    left.invert_yaxis()
    left.margins(x=0.15, y=0.25)
    left.set(xlabel=METRICS[metric])
    left.set_title("Validation score", loc="left")
    bars = right.barh(table["member"], table["weight"], 0.6, color=COLOURS[0])
    right.bar_label(bars, fmt="%.3f", fontsize=8, padding=3)
    right.margins(x=0.15)
    right.set(xlabel="weight")
    right.set_title("Weight", loc="left")
    right.tick_params(axis="y", length=0)
    for axes in (left, right):
        plain_axes(axes, "x")
    figure.legend(
        *left.get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False, fontsize=9
    )
    return figure
