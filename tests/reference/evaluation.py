"""Mean average precision in plain loops, from the definition (conventions 8).

Instances are (video, start, end, label), detections (video, label, score, start, end).
"""

Instance = tuple[str, float, float, str]
Detection = tuple[str, str, float, float, float]


def tiou(start: float, end: float, other_start: float, other_end: float) -> float:
    """Intersection over union of two segments; 0 if both have no length."""
    intersection = max(min(end, other_end) - max(start, other_start), 0.0)
    union = (end - start) + (other_end - other_start) - intersection
    return intersection / union if union > 0 else 0.0


def judge(instances: list[Instance], detections: list[Detection], threshold: float) -> list[bool]:
    """Say of every detection of one class, by falling score, whether it is right."""
    taken: set[int] = set()
    verdicts = []
    for video, _, _, start, end in sorted(detections, key=lambda detection: -detection[2]):
        overlaps = []
        for index, (instance_video, instance_start, instance_end, _) in enumerate(instances):
            if instance_video == video:
                overlaps.append((-tiou(start, end, instance_start, instance_end), index))
        right = False
        for negative, index in sorted(overlaps):
            if -negative >= threshold and index not in taken:
                taken.add(index)
                right = True
                break
        verdicts.append(right)
    return verdicts


def class_average_precision(verdicts: list[bool], instances: int) -> float:
    """Area under the precision that is made monotone from the right, over recall."""
    precision, recall = [], []
    found = 0
    for number, right in enumerate(verdicts, start=1):
        found += right
        precision.append(found / number)
        recall.append(found / instances)
    area, before = 0.0, 0.0
    for position in range(len(verdicts)):
        area += (recall[position] - before) * max(precision[position:])
        before = recall[position]
    return area


def textbook_average_precision(
    instances: list[Instance], detections: list[Detection], thresholds: list[float]
) -> dict[str, list[float]]:
    """Average precision at every threshold of every class of the ground truth."""
    result = {}
    for label in sorted({instance[3] for instance in instances}):
        of_class = [instance for instance in instances if instance[3] == label]
        found = [detection for detection in detections if detection[1] == label]
        result[label] = [
            class_average_precision(judge(of_class, found, threshold), len(of_class))
            for threshold in thresholds
        ]
    return result


def textbook_map(
    instances: list[Instance], detections: list[Detection], thresholds: list[float]
) -> list[float]:
    """Mean over the classes of the ground truth at every threshold."""
    by_class = list(textbook_average_precision(instances, detections, thresholds).values())
    return [sum(ap[index] for ap in by_class) / len(by_class) for index in range(len(thresholds))]
