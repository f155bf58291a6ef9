"""Temperature scaling: classifiers whose logits mean the same before they are added."""

import math

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

TEMPERATURES = (0.05, 20.0)


def fit_temperature(logits: np.ndarray, targets: np.ndarray) -> float:
    """Return the temperature, in [0.05, 20], whose softmax(logits / temperature) is the most likely.

    Parameters
    ----------
    logits
        (N, K).
    targets
        (N, K) bool. The loss of a video with several true classes is the mean over them; videos with none
        are left out, and without any the temperature is 1.
    """
    labelled = targets.any(axis=1)
    logits, targets = logits[labelled], targets[labelled]
    if not len(logits):
        return 1.0
    true_logit = (logits * targets).sum(axis=1) / targets.sum(axis=1)

    def loss(log_temperature: float) -> float:
        temperature = math.exp(log_temperature)
        return float(np.mean(logsumexp(logits / temperature, axis=1) - true_logit / temperature))

    # Convex in 1 / temperature, hence with one valley in its logarithm.
    bounds = (math.log(TEMPERATURES[0]), math.log(TEMPERATURES[1]))
    return math.exp(minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-8}).x)
