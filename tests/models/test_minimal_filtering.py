"""Minimal filtering equals sliding sums of products."""

import numpy as np
import pytest

from bsnpp.models.minimal_filtering import F2, F4, MinimalFiltering


def apply(filtering: MinimalFiltering, window: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return filtering.results @ ((filtering.cells @ window.ravel()) * (filtering.taps @ weights.ravel()))


@pytest.mark.parametrize(("filtering", "results"), [(F2, 2), (F4, 4)], ids=["two results", "four results"])
def test_one_axis(filtering: MinimalFiltering, results: int) -> None:
    generator = np.random.default_rng(0)
    window, weights = generator.standard_normal(results + 2), generator.standard_normal(3)
    expected = np.correlate(window, weights, "valid")
    np.testing.assert_allclose(apply(filtering, window, weights), expected, atol=1e-12)


@pytest.mark.parametrize(("rows", "columns"), [(F2, F2), (F2, F4), (F4, F2)])
def test_two_axes(rows: MinimalFiltering, columns: MinimalFiltering) -> None:
    generator = np.random.default_rng(0)
    window = generator.standard_normal((rows.cells.shape[1], columns.cells.shape[1]))
    weights = generator.standard_normal((3, 3))
    around = np.lib.stride_tricks.sliding_window_view(window, (3, 3))
    expected = (around * weights).sum(axis=(2, 3)).ravel()
    np.testing.assert_allclose(apply(rows.across(columns), window, weights), expected, atol=1e-12)
