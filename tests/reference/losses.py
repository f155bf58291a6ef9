"""Losses by plain loops over lists (conventions, section 5)."""

import math

Matrix = list[list[float]]


def sigmoid(logit: float) -> float:
    """Return the probability of a logit."""
    return 1 / (1 + math.exp(-logit))


def weighted_logistic(logits: list[float], positive: list[bool]) -> float:
    """Return the binary logistic loss with equal total weight for positives and negatives."""
    ratio = len(positive) / max(sum(positive), 1)
    ratio = min(max(ratio, 1.05), 21.0)
    total = 0.0
    for logit, hit in zip(logits, positive, strict=True):
        if hit:
            total -= 0.5 * ratio * math.log(sigmoid(logit))
        else:
            total -= 0.5 * ratio / (ratio - 1) * math.log(sigmoid(-logit))
    return total / len(logits)


def boundary_loss(heads: list[list[Matrix]], labels: list[Matrix]) -> float:
    """Return start plus end, as the mean over heads; heads and labels are indexed [video][edge][cell]."""
    total = 0.0
    for head in heads:
        for edge in range(2):
            logits = [logit for video in head for logit in video[edge]]
            positive = [label > 0.5 for video in labels for label in video[edge]]
            total += weighted_logistic(logits, positive) / len(heads)
    return total


def weighted_mean(values: list[float], weights: list[float]) -> float:
    """Return the weighted mean; 0 if all weights are 0."""
    total = sum(weight * value for weight, value in zip(weights, values, strict=True))
    return total / sum(weights) if sum(weights) else 0.0


def smooth_l1(error: float) -> float:
    """Return half the square below 1, a linear function above."""
    return 0.5 * error * error if abs(error) < 1 else abs(error) - 0.5


def relation_loss(branches: list[Matrix], iou: list[float], weights: list[float]) -> tuple[float, float]:
    """Return regression and classification, as means over branches; a branch is [cls or reg][proposal]."""
    regression = classification = 0.0
    for branch in branches:
        logits, offsets = branch
        errors = [smooth_l1(sigmoid(o) - label) for o, label in zip(offsets, iou, strict=True)]
        surprise = [
            -math.log(sigmoid(logit if label > 0.7 else -logit))
            for logit, label in zip(logits, iou, strict=True)
        ]
        regression += weighted_mean(errors, weights) / len(branches)
        classification += weighted_mean(surprise, weights) / len(branches)
    return regression, classification


def bmn_confidence(
    logits: list[float], offsets: list[float], iou: list[float], weights: list[float]
) -> tuple[float, float]:
    """Return BMN's regression and classification."""
    squares = [(sigmoid(offset) - label) ** 2 for offset, label in zip(offsets, iou, strict=True)]
    return 0.5 * weighted_mean(squares, weights), weighted_logistic(logits, [label > 0.9 for label in iou])
