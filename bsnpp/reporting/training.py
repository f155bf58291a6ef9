"""Figure of training curves."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bsnpp.reporting.style import curve_style, plain_axes


def training_curves(trainings: Mapping[str, Mapping[str, pd.DataFrame]]) -> Figure:
    """Draw the losses of several trainings over the epochs: a row per generator, a panel per loss.

    Parameters
    ----------
    trainings : mapping of str to mapping of str to pd.DataFrame
        For each generator, the metrics of each of its trainings: columns `epoch`, `train_<loss>` and
        `validation_<loss>`. Validation curves are dark, training curves are pale.
    """
    parts = {"train_": 0.35, "validation_": 1.0}
    names = list(dict.fromkeys(name for tables in trainings.values() for name in tables))
    styles = {name: curve_style(index) for index, name in enumerate(names)}  # the same in every row
    columns = [str(name) for tables in trainings.values() for table in tables.values() for name in table]
    losses = list(dict.fromkeys(c.removeprefix(p) for c in columns for p in parts if c.startswith(p)))
    size = len(trainings), len(losses)
    figure = Figure(figsize=(1.0 + 3.0 * size[1], 0.6 + 3.0 * size[0]), layout="constrained")
    rows = figure.subplots(*size, squeeze=False)
    for panels, (generator, tables) in zip(rows, trainings.items(), strict=True):
        drawn: dict[str, Line2D] = {}
        for axes, loss in zip(panels, losses, strict=True):
            for name, table in tables.items():
                for part, strength in parts.items():
                    if part + loss in table:
                        style = {"markersize": 4, "alpha": strength, **styles[name]}
                        (drawn[name],) = axes.plot(table["epoch"], table[part + loss], **style)
            axes.set_title(f"{generator}: {loss.replace('_', ' ')}", loc="left", fontsize=10)
            axes.set(xlabel="epoch")
            axes.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
            plain_axes(axes, "both")
        panels[0].set(ylabel="loss")
        panels[-1].legend(
            list(drawn.values()),
            list(drawn),
            loc="center left",
            bbox_to_anchor=(1, 0.5),
            frameon=False,
            fontsize=8,
        )
    figure.suptitle("Losses: validation dark, training pale", x=0.01, ha="left", fontsize=11)
    return figure
