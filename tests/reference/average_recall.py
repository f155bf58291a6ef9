"""Compute AR@AN in plain loops, from the definition (conventions 8).

Instances are (video, start, end), proposals (video, score, start, end).
"""

from tests.reference.evaluation import tiou


def textbook_average_recall(
    instances: list[tuple[str, float, float]],
    proposals: list[tuple[str, float, float, float]],
    videos: list[str],
    max_proposals: int,
    thresholds: list[float],
) -> list[list[float]]:
    """Compute the recall at every threshold and at AN = 1, 2, ... max_proposals."""
    ranked = {}
    for video in videos:
        mine = sorted((p for p in proposals if p[0] == video), key=lambda p: -p[1])
        if proposals:
            ratio = max_proposals * float(len(videos)) / len(proposals)
            mine = mine[: min(int(len(mine) * ratio), len(mine))]
        ranked[video] = mine
    total = sum(len(mine) for mine in ranked.values())

    recall = []
    for threshold in thresholds:
        row = []
        for number in range(1, max_proposals + 1):
            share = number / max_proposals * (max_proposals * float(len(videos)) / total) if total else 0.0
            recalled = 0
            for video, start, end in instances:
                available = ranked[video][: min(int(len(ranked[video]) * share), len(ranked[video]))]
                recalled += any(tiou(p[2], p[3], start, end) >= threshold for p in available)
            row.append(recalled / len(instances))
        recall.append(row)
    return recall
