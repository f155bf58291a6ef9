"""Weighted boxes fusion in one dimension, in plain loops with lists of members."""

from tests.reference.evaluation import tiou

Detection = tuple[int, float, float, float, int]
"""Part, score, start, end, label."""


def mean_segment(members: list[Detection]) -> tuple[float, float]:
    """Average the edges of members, weighted by score; the first member alone, or if all scores are 0."""
    total = sum(score for _, score, *_ in members)
    if len(members) == 1 or total == 0:
        return members[0][2:4]
    start = sum(score * start for _, score, start, _, _ in members) / total
    end = sum(score * end for _, score, _, end, _ in members) / total
    return start, end


def merged_score(members: list[Detection], parts: int, how: str) -> float:
    """Score a cluster: see `MergingSettings.score`."""
    scores = [score for _, score, *_ in members]
    if how == "max":
        return max(scores)
    mean = sum(scores) / len(scores)
    agreeing = len({part for part, *_ in members}) if how == "parts" else min(len(members), parts)
    return mean * agreeing / parts


def merge(
    detections: list[Detection], parts: int, threshold: float, how: str
) -> list[tuple[float, float, float, int]]:
    """Return score, start, end and label of every merged detection, best first, then by label."""
    merged = []
    for label in sorted({label for *_, label in detections}):
        clusters: list[list[Detection]] = []
        for detection in sorted(detections, key=lambda one: -one[1]):
            if detection[4] != label:
                continue
            overlaps = [tiou(*detection[2:4], *mean_segment(members)) for members in clusters]
            if overlaps and max(overlaps) > threshold:
                clusters[overlaps.index(max(overlaps))].append(detection)
            else:
                clusters.append([detection])
        merged += [(merged_score(c, parts, how), *mean_segment(c), label) for c in clusters]
    return sorted(merged, key=lambda one: -one[0])
