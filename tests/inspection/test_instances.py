"""The best proposal of the grid for a segment, compared with all proposals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bsnpp.inspection.instances import best_tiou, vanishing


def of_all_proposals(start: float, end: float, scale: int, longest: int) -> float:
    """Try every proposal of the grid."""
    values = [0.0]
    for first in range(scale):
        for last in range(first + 1, min(first + longest, scale) + 1):
            low, high = first / scale, last / scale
            overlap = max(0.0, min(high, end) - max(low, start))
            values.append(overlap / ((high - low) + (end - start) - overlap))
    return max(values)


@given(
    edges=st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted),
    scale=st.integers(4, 12),
    part=st.floats(0.1, 1),
)
def test_no_other_proposal_is_better(edges: list[float], scale: int, part: float) -> None:
    longest = max(1, int(part * scale))
    (value,) = best_tiou(np.array([edges]), scale, longest)
    assert value == pytest.approx(of_all_proposals(*edges, scale, longest), abs=1e-9)


def test_instances_that_no_proposal_matches_are_listed() -> None:
    videos = pd.DataFrame({"video": ["a", "b"], "extent": [100.0, 10.0]})
    instances = pd.DataFrame(
        {"video": ["a", "a", "b", "c"], "start": [0.0, 3.0, 0.0, 0.0], "end": [50.0, 5.0, 9.0, 1.0]}
    )
    result = vanishing("training", videos, instances, (10, 10), 0.5)
    assert (result.instances, result.short, result.lost) == (3, 1, ["a: 3 to 5 s of 100 s"])
