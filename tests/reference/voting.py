"""Score voting by loops: the slow reference of bsnpp.detection.suppression.voting."""

import numpy as np

from tests.reference.soft_nms import overlap

Segment = tuple[float, float]


def voted_segments(
    selected: list[Segment], segments: list[Segment], scores: list[float], threshold: float
) -> list[Segment]:
    """Average the edges of all candidates that overlap each selected segment enough, weighted by score."""
    moved = []
    for one in selected:
        voters = [row for row, other in enumerate(segments) if overlap(one, other) >= threshold]
        weights = [scores[row] for row in voters]
        if sum(weights) > 0:
            edges = [[segments[row][edge] for row in voters] for edge in (0, 1)]
            one = (float(np.average(edges[0], weights=weights)), float(np.average(edges[1], weights=weights)))
        moved.append(one)
    return moved
