"""The encoder `convolutions`: random convolution kernels with pooling, as in ROCKET and MiniRocket.

Dempster et al. 2020 (Data Mining and Knowledge Discovery 34) and 2021 (KDD): kernels of length 9 with random
weights and dilations; each gives the proportion of positive values and the maximum around a snippet. The
weights of every other kernel sum to 0, so that it responds to movement but not to posture. The bias of a
kernel is a random quantile of its responses on the training recordings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bsnpp.datasets.hapt.windows import padded, with_magnitude

LENGTH = 9
DILATIONS = (1, 2, 4, 8)
SAMPLED_PER_RECORDING = 256


@dataclass(frozen=True)
class Kernels:
    """Random kernels.

    Attributes
    ----------
    weights : np.ndarray
        float64 (K, 9, 4), for the three axes and the magnitude; each kernel uses one to three of these.
    dilation : np.ndarray
        Samples between two taps, int (K,); consecutive kernels have the same.
    bias : np.ndarray
        float64 (K,).
    """

    weights: np.ndarray
    dilation: np.ndarray
    bias: np.ndarray


def fit_kernels(training: Mapping[str, np.ndarray], number: int, seed: int | Sequence[int]) -> Kernels:
    """Draw kernels at random, and their biases from the responses on the training recordings.

    Parameters
    ----------
    training : mapping of str to np.ndarray
        One stream of the training recordings, float64 (n, 3) each, by id.
    number : int
        Number of kernels K.
    seed : int or sequence of int
        The same seed and recordings give the same kernels.
    """
    rng = np.random.default_rng(seed)
    dilation = np.repeat(DILATIONS, -(-number // len(DILATIONS)))[:number]
    weights = rng.normal(size=(number, LENGTH, 4))
    used = rng.random((number, 4)).argsort(axis=1) < rng.integers(1, 4, size=(number, 1))
    weights *= used[:, None, :]
    zero_sum = np.arange(number) % 2 == 0
    weights[zero_sum] -= weights[zero_sum].mean(axis=1, keepdims=True)
    weights /= np.sqrt((weights**2).sum(axis=(1, 2), keepdims=True))
    unbiased = Kernels(weights, dilation, np.zeros(number))
    samples = []
    for video in sorted(training):
        responses = _convolve(unbiased, with_magnitude(training[video]))
        samples.append(responses[rng.integers(0, len(responses), SAMPLED_PER_RECORDING)])
    ordered = np.sort(np.concatenate(samples), axis=0)
    chosen = (rng.uniform(0.05, 0.95, number) * len(ordered)).astype(int)
    return Kernels(weights, dilation, ordered[chosen, np.arange(number)])


def describe_convolutions(signal: np.ndarray, kernels: Kernels, step: int, pooled: int) -> np.ndarray:
    """Describe every snippet of one stream by the responses of the kernels.

    Parameters
    ----------
    signal : np.ndarray
        float64 (n, 3).
    kernels : Kernels
    step : int
        Samples between two snippets, even.
    pooled : int
        Number of snippets over which responses are pooled, odd.

    Returns
    -------
    np.ndarray
        float64 (t, 2 K): proportion of responses above the bias, then maximum of the response minus the bias.
    """
    width = step * pooled
    reach = (LENGTH - 1) * max(DILATIONS) // 2
    rows = padded(with_magnitude(signal), step, width + 2 * reach)
    responses = _convolve(kernels, rows)[reach : len(rows) - reach] - kernels.bias
    blocks = responses.reshape(-1, step, responses.shape[1])  # the snippets and `pooled` - 1 more
    positive, highest = (blocks > 0).mean(axis=1), blocks.max(axis=1)
    view = np.lib.stride_tricks.sliding_window_view
    return np.concatenate(
        [view(positive, pooled, axis=0).mean(axis=2), view(highest, pooled, axis=0).max(axis=2)], axis=1
    )


def _convolve(kernels: Kernels, rows: np.ndarray) -> np.ndarray:
    """Compute the responses of all kernels, with first and last row repeated: (n, 4) to (n, K)."""
    responses = []
    for dilation in np.unique(kernels.dilation):
        weights = kernels.weights[kernels.dilation == dilation]
        reach = (LENGTH - 1) * dilation // 2
        extended = np.pad(rows, ((reach, reach), (0, 0)), mode="edge")
        taps = [extended[tap * dilation : tap * dilation + len(rows)] for tap in range(LENGTH)]
        responses.append(np.concatenate(taps, axis=1) @ weights.reshape(len(weights), -1).T)
    return np.concatenate(responses, axis=1)
