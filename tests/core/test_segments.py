"""Segments: conversion between units, and tIoU."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bsnpp.core.segments import Seconds, in_seconds, in_shares, temporal_iou

times = st.integers(0, 50)


def test_shares_become_seconds_and_seconds_become_shares() -> None:
    seconds = Seconds(np.array([[0.0, 2.5], [1.0, 10.0]]))
    shares = in_shares(seconds, 10.0)
    np.testing.assert_array_equal(shares, [[0.0, 0.25], [0.1, 1.0]])
    np.testing.assert_array_equal(in_seconds(shares, 10.0), seconds)


@given(times, times, times, times)
def test_tiou_is_the_share_of_common_instants(start: int, length: int, other: int, other_length: int) -> None:
    one, two = set(range(start, start + length)), set(range(other, other + other_length))
    iou = temporal_iou(*(np.array([float(t)]) for t in (start, start + length, other, other + other_length)))
    assert iou.item() == pytest.approx(len(one & two) / len(one | two) if one | two else 0.0)


def test_tiou_broadcasts() -> None:
    starts, ends = np.array([[0.0], [1.0]]), np.array([[2.0], [3.0]])
    iou = temporal_iou(starts, ends, np.array([0.0, 1.0, 5.0]), np.array([2.0, 3.0, 6.0]))
    np.testing.assert_allclose(iou, [[1.0, 1 / 3, 0.0], [1 / 3, 1.0, 0.0]])
