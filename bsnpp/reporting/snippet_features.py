"""Figure of the features of snippets beside their frames."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

CHANNELS = 120
"""Channels that are drawn: those that vary most."""


def snippet_features_figure(
    title: str,
    images: Sequence[np.ndarray],
    times: Sequence[float],
    features: np.ndarray,
) -> Figure:
    """Draw each snippet in a row: a frame, and its features as colours.

    Channels are standardised and sorted by the snippet where they are largest, so that rows that look alike
    have similar features.

    Parameters
    ----------
    title : str
        Title of the figure.
    images : sequence of np.ndarray
        RGB frame of each snippet, uint8 (H, W, 3).
    times : sequence of float
        Time of each frame [s].
    features : np.ndarray
        float (n, C), one row per snippet.
    """
    rows = len(images)
    chosen = np.sort(np.argsort(-features.std(axis=0), kind="stable")[:CHANNELS])
    values = features[:, chosen] - features[:, chosen].mean(axis=0)
    values = values / np.maximum(features[:, chosen].std(axis=0), 1e-12)
    values = values[:, np.argsort(values.argmax(axis=0), kind="stable")]
    height = 0.9 + 0.5 * rows
    figure = Figure(figsize=(9.0, height))
    grid = figure.add_gridspec(
        rows,
        2,
        width_ratios=(1.1, 6),
        hspace=0.06,
        wspace=0.02,
        left=0.08,
        right=0.98,
        top=1 - 0.4 / height,
        bottom=0.45 / height,
    )
    for row, (image, time) in enumerate(zip(images, times, strict=True)):
        axes = figure.add_subplot(grid[row, 0])
        axes.imshow(image)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        axes.set_ylabel(f"{time:.1f} s", rotation=0, ha="right", va="center", fontsize=8)
    heat = figure.add_subplot(grid[:, 1])
    heat.imshow(values, aspect="auto", cmap="RdBu_r", vmin=-2.5, vmax=2.5, interpolation="nearest")
    heat.set(xticks=[], yticks=[], xlabel=f"{len(chosen)} of {features.shape[1]} channels, standardised")
    heat.spines[:].set_visible(False)
    figure.suptitle(title, x=0.01, y=1 - 0.1 / height, ha="left", va="top", fontsize=11)
    return figure
