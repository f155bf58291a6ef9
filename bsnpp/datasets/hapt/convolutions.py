"""The encoder `convolutions`: random kernels, pooled, in the manner of ROCKET and MiniRocket.

Dempster et al. 2020 (Data Mining and Knowledge Discovery 34) and 2021 (KDD): kernels of length 9 with random
weights and dilations; of each, the proportion of positive values and the maximum about the snippet. Half of
the kernels sum to 0 and see the movement alone; the others see the posture too. A kernel's bias is a random
quantile of what it gives on the training recordings.
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
    weights : float64 (K, 9, 4)
        On the three axes and the magnitude; each kernel sees one to three of them.
    dilation : int (K,)
        Samples between two taps; the same for blocks of kernels.
    bias : float64 (K,)
    fitted_on : tuple of str
        The recordings that the biases come from.
    """

    weights: np.ndarray
    dilation: np.ndarray
    bias: np.ndarray
    fitted_on: tuple[str, ...]


def fit_kernels(training: Mapping[str, np.ndarray], number: int, seed: int | Sequence[int]) -> Kernels:
    """Draw kernels, and their biases from the training recordings.

    Parameters
    ----------
    training : mapping of id to float64 (n, 3)
        One stream of the training recordings, and of no other.
    number : int
        K.
    seed : int or sequence of int
        The same seed and recordings give the same kernels.
    """
    rng = np.random.default_rng(seed)
    dilation = np.repeat(DILATIONS, -(-number // len(DILATIONS)))[:number]
    weights = rng.normal(size=(number, LENGTH, 4))
    seen = rng.random((number, 4)).argsort(axis=1) < rng.integers(1, 4, size=(number, 1))
    weights *= seen[:, None, :]
    still = np.arange(number) % 2 == 0
    weights[still] -= weights[still].mean(axis=1, keepdims=True)
    weights /= np.sqrt((weights**2).sum(axis=(1, 2), keepdims=True))
    drawn = Kernels(weights, dilation, np.zeros(number), tuple(sorted(training)))
    outputs = []
    for video in drawn.fitted_on:
        responses = _convolve(drawn, with_magnitude(training[video]))
        outputs.append(responses[rng.integers(0, len(responses), SAMPLED_PER_RECORDING)])
    ordered = np.sort(np.concatenate(outputs), axis=0)
    chosen = (rng.uniform(0.05, 0.95, number) * len(ordered)).astype(int)
    return Kernels(weights, dilation, ordered[chosen, np.arange(number)], drawn.fitted_on)


def describe_convolutions(signal: np.ndarray, kernels: Kernels, step: int, pooled: int) -> np.ndarray:
    """Describe every snippet of one stream.

    Parameters
    ----------
    signal : float64 (n, 3)
    kernels : Kernels
    step : int
        Samples between two snippets, even.
    pooled : int
        Snippet lengths over which a kernel's responses are pooled, odd.

    Returns
    -------
    float64 (t, 2 K)
        Proportion of responses above the bias, then the maximum above it.
    """
    width = step * pooled
    reach = (LENGTH - 1) * max(DILATIONS) // 2
    rows = padded(with_magnitude(signal), step, width + 2 * reach)
    responses = _convolve(kernels, rows)[reach : len(rows) - reach] - kernels.bias
    blocks = responses.reshape(-1, step, responses.shape[1])  # of the snippets and `pooled` - 1 more
    positive, highest = (blocks > 0).mean(axis=1), blocks.max(axis=1)
    view = np.lib.stride_tricks.sliding_window_view
    return np.concatenate(
        [view(positive, pooled, axis=0).mean(axis=2), view(highest, pooled, axis=0).max(axis=2)], axis=1
    )


def _convolve(kernels: Kernels, rows: np.ndarray) -> np.ndarray:
    """Responses of all kernels at every row, the signal's ends being held: (n, 4) to (n, K)."""
    responses = []
    for dilation in np.unique(kernels.dilation):
        weights = kernels.weights[kernels.dilation == dilation]
        reach = (LENGTH - 1) * dilation // 2
        held = np.pad(rows, ((reach, reach), (0, 0)), mode="edge")
        taps = [held[tap * dilation : tap * dilation + len(rows)] for tap in range(LENGTH)]
        responses.append(np.concatenate(taps, axis=1) @ weights.reshape(len(weights), -1).T)
    return np.concatenate(responses, axis=1)
