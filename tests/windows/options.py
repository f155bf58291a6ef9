"""Settings and recordings that the tests of windows share."""

import numpy as np
from hypothesis import strategies as st

from bsnpp.windows.settings import WindowSettings

SMALL = WindowSettings(cells=8, cell_seconds=0.5, snippet_seconds=0.25)
"""Windows of 4 s that start every second."""

settings = st.builds(
    WindowSettings,
    cells=st.integers(4, 9),
    cell_seconds=st.sampled_from([0.5, 0.8, 1 / 3]),
    overlap=st.sampled_from([0.0, 0.5, 0.75, 0.6]),
    keep_share=st.sampled_from([0.5, 0.3, 1.0]),
    snippet_seconds=st.sampled_from([0.4, 0.25, 0.1, 1.7]),
)
extents = st.one_of(st.floats(0.3, 40), st.integers(1, 80).map(lambda half: half / 2))


@st.composite
def recordings(draw: st.DrawFn) -> tuple[float, np.ndarray]:
    """Draw the length of a recording [s], and segments inside it [s]: (M, 2)."""
    extent = draw(extents)
    share = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.25, 0.5, 1.0]))
    pairs = draw(st.lists(st.tuples(share, share).map(sorted), max_size=5))
    return extent, np.array(pairs, float).reshape(-1, 2) * extent
