"""Class probabilities of segments."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.snippets.pooling import pool_in_segments
from tests.reference import snippet_scores as reference


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_pooling_equals_plain_loops(seed: int, length: int) -> None:
    rng = np.random.default_rng(seed)
    probability = rng.dirichlet(np.ones(4), length)
    start = rng.uniform(-2.0, 0.4 * length + 2.0, 20)
    segments = np.column_stack([start, start + rng.choice([0.0, 0.05, 0.3, 1.0, 9.0], 20)])
    pooled = pool_in_segments(probability, segments, 0.4)
    assert pooled.shape == (20, 3)
    np.testing.assert_allclose(
        pooled, reference.pool_in_segments(probability, segments, 0.4), atol=1e-12, rtol=0
    )


def test_a_segment_without_a_centre_gets_the_nearest_snippet() -> None:
    probability = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    segments = np.array([[0.55, 0.75], [0.96, 0.98], [-5.0, -4.0], [7.0, 8.0]])
    expected = [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    assert pool_in_segments(probability, segments, 1.0).tolist() == expected
    assert pool_in_segments(probability, np.empty((0, 2)), 1.0).shape == (0, 2)
