"""Diagnose detections in plain loops, from the definitions of `bsnpp.evaluation.diagnosis`.

Instances are (video, start, end, label), detections (video, label, score, start, end); segments of one video
are (label, start, end). Scores are distinct.
"""

from functools import cache

from tests.reference.evaluation import Detection, Instance, class_average_precision, tiou

Segment = tuple[str, float, float]


def assignments(
    instances: list[Instance], detections: list[Detection], threshold: float
) -> dict[Detection, int | None]:
    """Assign an instance (its position) to each detection of a class that has instances."""
    labels = {instance[3] for instance in instances}
    taken: set[int] = set()
    result: dict[Detection, int | None] = {}
    for detection in sorted(detections, key=lambda d: (d[1], -d[2])):
        if detection[1] not in labels:
            continue
        candidates = [
            (-tiou(*detection[3:], *instance[1:3]), index)
            for index, instance in enumerate(instances)
            if (instance[0], instance[3]) == detection[:2]
        ]
        free = [
            index for overlap, index in sorted(candidates) if -overlap >= threshold and index not in taken
        ]
        result[detection] = free[0] if free else None
        taken.update(free[:1])
    return result


def error_type(instances: list[Instance], detection: Detection, hit: bool, threshold: float) -> str:
    """Name the error type of a detection."""
    here = [instance for instance in instances if instance[0] == detection[0]]
    same = [tiou(*detection[3:], *i[1:3]) for i in here if i[3] == detection[1]]
    other = [tiou(*detection[3:], *i[1:3]) for i in here if i[3] != detection[1]]
    if hit:
        return "true positive"
    if any(value >= threshold for value in same):
        return "double detection"
    if any(value >= threshold for value in other):
        return "wrong label"
    if any(value >= 0.1 for value in same):
        return "localization"
    if any(value >= 0.1 for value in other):
        return "confusion"
    return "background"


def types_of(
    instances: list[Instance], detections: list[Detection], threshold: float
) -> dict[Detection, str]:
    """Name the error type of every detection of a class that has instances."""
    assigned = assignments(instances, detections, threshold)
    return {d: error_type(instances, d, index is not None, threshold) for d, index in assigned.items()}


def fixed_map(
    instances: list[Instance], detections: list[Detection], thresholds: list[float], fixed: str
) -> float:
    """Compute the average mAP without the detections of a type, or without the missed instances."""
    labels = sorted({instance[3] for instance in instances})
    total = 0.0
    for threshold in thresholds:
        types = types_of(instances, detections, threshold)
        for label in labels:
            ranked = [d for d in types if d[1] == label and types[d] != fixed]
            hits = [types[d] == "true positive" for d in ranked]
            count = sum(instance[3] == label for instance in instances)
            total += class_average_precision(hits, max(1, sum(hits)) if fixed == "missed instance" else count)
    return total / len(thresholds) / len(labels)


def profile(
    instances: list[Instance], detections: list[Detection], threshold: float, slices: int
) -> list[dict[str, int]]:
    """Count the types in every slice of G detections of each class."""
    types = types_of(instances, detections, threshold)
    table: list[dict[str, int]] = [{} for _ in range(slices)]
    for label in {instance[3] for instance in instances}:
        count = sum(instance[3] == label for instance in instances)
        for rank, detection in enumerate(d for d in types if d[1] == label):
            if rank // count < slices:
                row = table[rank // count]
                row[types[detection]] = row.get(types[detection], 0) + 1
    return table


def normalised_ap(
    instances: list[Instance], detections: list[Detection], chosen: list[bool], threshold: float
) -> float:
    """Compute AP_N of the chosen instances, at least one."""
    labels = sorted({instance[3] for instance in instances})
    number = len(instances) / len(labels)
    assigned = assignments(instances, detections, threshold)
    values = []
    for label in labels:
        count = sum(flag for flag, instance in zip(chosen, instances, strict=True) if instance[3] == label)
        if not count:
            continue
        precision, hits, false_positives = [], 0, 0
        for index in (index for detection, index in assigned.items() if detection[1] == label):
            if index is None:
                false_positives += 1
            elif chosen[index]:
                hits += 1
                recall = hits / count
                precision.append(number * recall / (number * recall + false_positives))
        values.append(sum(max(precision[position:]) for position in range(len(precision))) / count)
    return sum(values) / len(values)


def best(instances: list[Instance], detection: Detection, same_label: bool) -> tuple[int | None, float]:
    """Find the instance that a detection overlaps most, and their tIoU."""
    result: tuple[int | None, float] = (None, 0.0)
    for index, (video, start, end, label) in enumerate(instances):
        if video == detection[0] and (label == detection[1] or not same_label):
            overlap = tiou(*detection[3:], start, end)
            if overlap > result[1]:
                result = index, overlap
    return result


def oracle(name: str, instances: list[Instance], detections: list[Detection]) -> list[Detection]:
    """Correct the detections with the ground truth."""
    if name == "true scores":
        return _true_scores(instances, detections)
    corrected = []
    for detection in detections:
        index, overlap = best(instances, detection, name == "true edges")
        video, label, score, start, end = detection
        if name == "true classes" and index is not None:
            label = instances[index][3]
        elif name == "true edges" and index is not None and overlap >= 0.1:
            start, end = instances[index][1:3]
        elif name == "true proposals":
            if index is None:
                continue
            start, end = instances[index][1:3]
        corrected.append((video, label, score, start, end))
    highest: dict[tuple[str, str, float, float], float] = {}
    for video, label, score, start, end in corrected:
        key = video, label, start, end
        highest[key] = max(score, highest.get(key, score))
    return [d for d in corrected if highest[d[0], d[1], d[3], d[4]] == d[2]]


def _true_scores(instances: list[Instance], detections: list[Detection]) -> list[Detection]:
    pairs = []
    for row, (video, label, _, start, end) in enumerate(detections):
        for index, (other, other_start, other_end, other_label) in enumerate(instances):
            overlap = tiou(start, end, other_start, other_end)
            if (video, label) == (other, other_label) and overlap > 0:
                pairs.append((-overlap, row, index))
    scores = [0.0] * len(detections)
    taken = set()
    for negative, row, index in sorted(pairs):
        if scores[row] == 0.0 and index not in taken:
            taken.add(index)
            scores[row] = -negative
    return [(d[0], d[1], score, d[3], d[4]) for d, score in zip(detections, scores, strict=True)]


def frames_without_overlap(ranked: list[Segment], frames: int) -> list[Segment]:
    """Make segments with whole seconds non-overlapping, frame by frame."""
    taken = [False] * frames
    result = []
    for label, start, end in ranked:
        runs, run = [], []
        for frame in range(int(start), int(end)):
            if taken[frame]:
                runs.append(run)
                run = []
            else:
                run.append(frame)
        runs.append(run)
        longest = max(runs, key=len)
        if longest and 2 * len(longest) >= end - start:
            result.append((label, float(longest[0]), float(longest[-1] + 1)))
            for frame in longest:
                taken[frame] = True
    return sorted(result, key=lambda segment: segment[1:])


def frame_accuracy(expected: list[Segment], predicted: list[Segment], frames: int) -> int:
    """Count the frames of one second with a correct label."""
    correct = 0
    for frame in range(frames):
        expected_labels = [label for label, start, end in expected if start <= frame < end]
        predicted_labels = [label for label, start, end in predicted if start <= frame < end]
        both_empty = not expected_labels and not predicted_labels
        correct += both_empty or any(label in expected_labels for label in predicted_labels)
    return correct


def segment_hits(expected: list[Segment], predicted: list[Segment], level: float) -> int:
    """Count the predicted segments that hit an expected segment."""
    hit = [False] * len(expected)
    for label, start, end in predicted:
        overlaps = [tiou(start, end, s, e) if name == label else -1.0 for name, s, e in expected]
        if overlaps and max(overlaps) >= level:
            hit[overlaps.index(max(overlaps))] = True
    return sum(hit)


def levenshtein(first: tuple[str, ...], second: tuple[str, ...]) -> int:
    """Compute the number of insertions, deletions and substitutions, from the recursive definition."""

    @cache
    def distance(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        substituted = distance(i - 1, j - 1) + (first[i - 1] != second[j - 1])
        return min(substituted, distance(i - 1, j) + 1, distance(i, j - 1) + 1)

    return distance(len(first), len(second))
