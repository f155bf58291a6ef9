"""Temperature scaling, which makes the logits of different classifiers comparable before they are mixed."""

import math

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

TEMPERATURES = (0.05, 20.0)


def fit_temperature(logits: np.ndarray, targets: np.ndarray) -> float:
    """Find the temperature that maximises the likelihood of softmax(logits / temperature).

    Parameters
    ----------
    logits : np.ndarray
        Logits of N videos and K classes, float64 (N, K).
    targets : np.ndarray
        True classes, bool (N, K). The loss of a video with several true classes is their mean; videos
        without a true class are ignored.

    Returns
    -------
    float
        Temperature in [0.05, 20]; 1 if no video has a true class.
    """
    labelled = targets.any(axis=1)
    logits, targets = logits[labelled], targets[labelled]
    if not len(logits):
        return 1.0
    true_logit = (logits * targets).sum(axis=1) / targets.sum(axis=1)

    def loss(log_temperature: float) -> float:
        temperature = math.exp(log_temperature)
        return float(np.mean(logsumexp(logits / temperature, axis=1) - true_logit / temperature))

    # The loss is convex in 1 / temperature, so it has a single minimum in the log temperature too.
    bounds = (math.log(TEMPERATURES[0]), math.log(TEMPERATURES[1]))
    return math.exp(minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-8}).x)
