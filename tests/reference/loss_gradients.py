"""Gradients of the losses with respect to each logit, in closed form and by plain loops."""

from tests.reference.losses import sigmoid


def weighted_logistic(logits: list[float], positive: list[bool]) -> list[float]:
    """Differentiate the binary logistic loss with equal total weight for positives and negatives."""
    ratio = min(max(len(positive) / max(sum(positive), 1), 1.05), 21.0)
    pairs = zip(logits, positive, strict=True)
    return [
        (-0.5 * ratio * sigmoid(-logit) if hit else 0.5 * ratio / (ratio - 1) * sigmoid(logit)) / len(logits)
        for logit, hit in pairs
    ]


def weighted_square(offsets: list[float], iou: list[float], weights: list[float]) -> list[float]:
    """Differentiate half the weighted mean of squares; equal to smooth-L1, as errors are below 1."""
    total = sum(weights) or 1.0
    gradient = []
    for offset, label, weight in zip(offsets, iou, weights, strict=True):
        probability = sigmoid(offset)
        gradient.append(weight / total * (probability - label) * probability * (1 - probability))
    return gradient


def weighted_surprise(logits: list[float], iou: list[float], weights: list[float]) -> list[float]:
    """Differentiate the weighted mean of the logistic loss, positive above 0.7."""
    total = sum(weights) or 1.0
    rows = zip(logits, iou, weights, strict=True)
    return [weight / total * (sigmoid(logit) - (label > 0.7)) for logit, label, weight in rows]
