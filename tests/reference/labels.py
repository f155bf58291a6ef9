"""Labels by plain loops over cells and instances."""

import numpy as np

Segment = tuple[float, float]


def half_width(segment: Segment, scale: int, method: str) -> float:
    """Return the half-width of the boundary regions of one instance."""
    wide = max((segment[1] - segment[0]) / 10, 1 / scale)
    return {"paper": wide, "bsn": wide / 2, "bmn": 1.5 / scale}[method]


def boundary_label(cell: int, edge: int, segments: list[Segment], scale: int, method: str) -> float:
    """Return the share of a cell inside the region of a start (edge 0) or of an end (1)."""
    best = 0.0
    begin = cell / scale
    for segment in segments:
        half = half_width(segment, scale, method)
        overlap = min(segment[edge] + half, begin + 1 / scale) - max(segment[edge] - half, begin)
        best = max(best, min(overlap * scale, 1.0))
    return best


def iou(start: float, end: float, segment: Segment) -> float:
    """Return the tIoU of an instance and a proposal of positive length."""
    overlap = max(min(end, segment[1]) - max(start, segment[0]), 0.0)
    return overlap / ((end - start) + (segment[1] - segment[0]) - overlap)


def boundary_labels(segments: list[Segment], scale: int, method: str) -> list[list[float]]:
    """Return the start and end labels of all cells."""
    return [
        [boundary_label(cell, edge, segments, scale, method) for cell in range(scale)] for edge in range(2)
    ]


def confidence_labels(segments: list[Segment], scale: int) -> list[float]:
    """Return the largest tIoU of every proposal, by duration, then by start."""
    labels = []
    for duration in range(scale):
        for start in range(scale - duration):
            proposal = start / scale, (start + duration + 1) / scale
            labels.append(max((iou(*proposal, segment) for segment in segments), default=0.0))
    return labels


def labels_by_cell(segments: np.ndarray, scale: int, method: str) -> tuple[np.ndarray, np.ndarray]:
    """Return both, (2, T) and (V,), as public codes do: by NumPy calls for each cell and proposal."""
    wide = np.maximum((segments[:, 1] - segments[:, 0]) / 10, 1 / scale)
    half = {"paper": wide, "bsn": wide / 2, "bmn": 1.5 / scale}[method]
    boundary, iou = np.zeros((2, scale)), []
    for edge in range(2):
        low, high = segments[:, edge] - half, segments[:, edge] + half
        for cell in range(scale):
            begin = cell / scale
            overlap = np.minimum(high, begin + 1 / scale) - np.maximum(low, begin)
            boundary[edge, cell] = np.max(np.clip(overlap * scale, 0.0, 1.0))
    for duration in range(scale):
        for cell in range(scale - duration):
            start, end = cell / scale, (cell + duration + 1) / scale
            inside = np.minimum(end, segments[:, 1]) - np.maximum(start, segments[:, 0])
            inside = np.maximum(inside, 0.0)
            union = (end - start) + (segments[:, 1] - segments[:, 0]) - inside
            iou.append(np.max(inside / union))
    return boundary, np.array(iou)
