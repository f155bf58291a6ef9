"""Compute mean average precision in plain loops, from the definition (conventions 8).

Instances are (video, start, end, label), detections (video, label, score, start, end).
"""

Instance = tuple[str, float, float, str]
Detection = tuple[str, str, float, float, float]


def tiou(start: float, end: float, other_start: float, other_end: float) -> float:
    """Compute the tIoU of two segments; 0 if both have no length."""
    intersection = max(min(end, other_end) - max(start, other_start), 0.0)
    union = (end - start) + (other_end - other_start) - intersection
    return intersection / union if union > 0 else 0.0


def judge(instances: list[Instance], detections: list[Detection], threshold: float) -> list[bool]:
    """Mark the true positives among the detections of one class, by falling score."""
    assigned: set[int] = set()
    hits = []
    for video, _, _, start, end in sorted(detections, key=lambda detection: -detection[2]):
        overlaps = []
        for index, (instance_video, instance_start, instance_end, _) in enumerate(instances):
            if instance_video == video:
                overlaps.append((-tiou(start, end, instance_start, instance_end), index))
        hit = False
        for negative, index in sorted(overlaps):
            if -negative >= threshold and index not in assigned:
                assigned.add(index)
                hit = True
                break
        hits.append(hit)
    return hits


def class_average_precision(hits: list[bool], instances: int) -> float:
    """Integrate precision, made monotone from the right, over recall."""
    precision, recall = [], []
    positives = 0
    for number, hit in enumerate(hits, start=1):
        positives += hit
        precision.append(positives / number)
        recall.append(positives / instances)
    area, before = 0.0, 0.0
    for position in range(len(hits)):
        area += (recall[position] - before) * max(precision[position:])
        before = recall[position]
    return area


def textbook_average_precision(
    instances: list[Instance], detections: list[Detection], thresholds: list[float]
) -> dict[str, list[float]]:
    """Compute the average precision of every class of the ground truth at every threshold."""
    result = {}
    for label in sorted({instance[3] for instance in instances}):
        of_class = [instance for instance in instances if instance[3] == label]
        ranked = [detection for detection in detections if detection[1] == label]
        result[label] = [
            class_average_precision(judge(of_class, ranked, threshold), len(of_class))
            for threshold in thresholds
        ]
    return result


def textbook_map(
    instances: list[Instance], detections: list[Detection], thresholds: list[float]
) -> list[float]:
    """Average over the classes of the ground truth at every threshold."""
    by_class = list(textbook_average_precision(instances, detections, thresholds).values())
    return [sum(ap[index] for ap in by_class) / len(by_class) for index in range(len(thresholds))]
