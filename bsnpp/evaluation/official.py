"""Compute average precision with the arithmetic of the official ActivityNet script, equal to the last bit.

`bsnpp.evaluation.detection` sums the same terms in another order, for many resamples at once; its results
differ by rounding, about 1e-16.
"""

from itertools import pairwise

import numpy as np

from bsnpp.evaluation.detection import DetectionScores
from bsnpp.evaluation.matching import Matches


def official_scores(matches: Matches) -> DetectionScores:
    """Compute the scores of matched detections.

    Parameters
    ----------
    matches : Matches
        Matched detections.

    Returns
    -------
    DetectionScores
        Average precision of every class at every threshold.
    """
    counts = matches.instance_counts.sum(axis=1)
    ap = np.zeros((len(matches.thresholds), len(matches.labels)))
    borders = np.searchsorted(matches.class_index, np.arange(len(matches.labels) + 1))
    for label, (begin, stop) in enumerate(pairwise(borders)):
        for level, row in enumerate(matches.true_positive):
            ap[level, label] = interpolated_precision(np.flatnonzero(row[begin:stop]), int(counts[label]))
    return DetectionScores(matches.thresholds, matches.labels, counts, ap)


def interpolated_precision(hits: np.ndarray, instances: int) -> float:
    """Integrate precision, made monotone from the right, over recall.

    Parameters
    ----------
    hits : np.ndarray
        Ranks of the true positives among the detections of a class, counted from 0, rising: int (n_hits,).
    instances : int
        Number of instances of the class, at least n_hits.

    Returns
    -------
    float
        Average precision, a share in [0, 1].
    """
    number = np.arange(1, len(hits) + 1, dtype=np.float64)
    recall, precision = number / instances, number / (hits + 1)
    if len(hits) < instances:  # the script appends the point of recall 1 and precision 0
        recall, precision = np.append(recall, 1.0), np.append(precision, 0.0)
    monotone = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(recall, prepend=0.0) * monotone))
