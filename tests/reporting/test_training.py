"""Figure of training curves."""

import pandas as pd

from bsnpp.reporting.training import training_curves


def test_every_generator_has_a_row_and_every_loss_a_panel() -> None:
    one = pd.DataFrame({"epoch": [1, 2], "train_total": [3.0, 2.0], "validation_total": [4.0, 3.0]})
    two = pd.DataFrame({"epoch": [1, 2], "train_total": [3.0, 2.0], "train_boundary": [1.0, 0.5]})
    figure = training_curves({"bsnpp": {"one": one, "two": two}, "bmn": {"three": one}})
    assert [(axes.get_title(loc="left"), len(axes.get_lines())) for axes in figure.axes] == [
        ("bsnpp: total", 3),
        ("bsnpp: boundary", 1),
        ("bmn: total", 2),
        ("bmn: boundary", 0),
    ]
    legends = [axes.get_legend() for axes in figure.axes if axes.get_legend()]
    names = [[text.get_text() for text in legend.get_texts()] for legend in legends]
    assert names == [["one", "two"], ["three"]]


def test_a_single_epoch_is_drawn_as_a_point() -> None:
    table = pd.DataFrame({"epoch": [1], "train_total": [3.0], "validation_total": [4.0]})
    (axes,) = training_curves({"bsnpp": {"one": table}}).axes
    assert {line.get_marker() for line in axes.get_lines()} == {"o"}


def test_a_training_looks_the_same_in_every_row() -> None:
    table = pd.DataFrame({"epoch": [1], "validation_total": [3.0]})
    figure = training_curves({"bsnpp": {"one": table, "two": table}, "bmn": {"two": table}})
    (_, two), (again,) = (axes.get_lines() for axes in figure.axes)
    assert (two.get_color(), two.get_marker()) == (again.get_color(), again.get_marker())


def test_epochs_are_whole_numbers() -> None:
    table = pd.DataFrame({"epoch": [1], "train_total": [3.0]})
    (axes,) = training_curves({"bsnpp": {"one": table}}).axes
    assert all(tick == int(tick) for tick in axes.get_xticks())
