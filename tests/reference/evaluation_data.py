"""Generate small random data sets for the tests of evaluation, as strategies and as tables."""

import pandas as pd
from hypothesis import strategies as st

VIDEOS = ["a", "b", "c"]
LABELS = ["jump", "run", "sit"]


def _segment(start: int, length: int) -> tuple[float, float]:
    return float(start), float(start + length)


# A coarse grid makes tIoU equal to a threshold, duplicates and zero lengths likely.
segments = st.builds(_segment, st.integers(0, 6), st.integers(0, 12))
instance_lists = st.lists(
    st.tuples(st.sampled_from(VIDEOS), segments, st.sampled_from(LABELS)).map(lambda i: (i[0], *i[1], i[2])),
    min_size=1,
    max_size=12,
)


@st.composite
def detection_lists(draw: st.DrawFn) -> list[tuple[str, str, float, float, float]]:
    """Draw detections of distinct scores, some with a video or a label that no instance has."""
    names = st.tuples(st.sampled_from([*VIDEOS, "elsewhere"]), st.sampled_from([*LABELS, "fly"]), segments)
    rows = draw(st.lists(names, max_size=30))
    scores = draw(st.permutations(range(len(rows))))
    return [(video, label, float(score), *at) for (video, label, at), score in zip(rows, scores, strict=True)]


def instance_table(instances: list[tuple[str, float, float, str]]) -> pd.DataFrame:
    """Build the table of instances that the library takes."""
    table = pd.DataFrame(instances, columns=["video", "start", "end", "label"])
    return table.astype({"video": str, "label": str, "start": float, "end": float})


def detection_table(detections: list[tuple[str, str, float, float, float]]) -> pd.DataFrame:
    """Build the table of detections that the library takes."""
    table = pd.DataFrame(detections, columns=["video", "label", "score", "start", "end"])
    return table.astype({"video": str, "label": str, "score": float, "start": float, "end": float})
