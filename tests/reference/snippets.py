"""Descriptions of snippets by plain loops: one snippet, one axis, one sample at a time."""

import cmath
import itertools
import math

import numpy as np

from bsnpp.datasets.hapt.convolutions import Kernels
from bsnpp.datasets.hapt.spectral import EDGES

Rows = list[list[float]]


def snippet_windows(signal: np.ndarray, step: int, width: int) -> list[Rows]:
    """Return the samples around each centre (k + 0.5) step inside the signal, mirrored beyond its ends."""
    windows, number = [], 0
    while number == 0 or (number + 0.5) * step <= len(signal):
        first = int((number + 0.5) * step - width / 2)
        windows.append([_with_length(signal, first + offset) for offset in range(width)])
        number += 1
    return windows


def _with_length(signal: np.ndarray, index: int) -> list[float]:
    while not 0 <= index < len(signal):  # ... 1 0 | 0 1 ... n-1 | n-1 n-2 ...
        index = -1 - index if index < 0 else 2 * len(signal) - 1 - index
    x, y, z = (float(value) for value in signal[index])
    return [x, y, z, math.sqrt(x * x + y * y + z * z)]


def statistics(window: Rows) -> list[float]:
    """Compute the 64 channels of `describe_statistics` for one window."""
    width, half, quarter, eighth = len(window), len(window) // 2, len(window) // 4, len(window) // 8
    axes = [[row[axis] for row in window] for axis in range(4)]
    per_axis = []
    for values in axes:
        ordered, steps = sorted(values), [b - a for a, b in itertools.pairwise(values)]
        core = values[half - eighth : half + eighth]
        above = [value - _mean(values) > 0 for value in values]
        per_axis.append(
            [
                *(_mean(values), ordered[0], ordered[-1], ordered[quarter], ordered[width - 1 - quarter]),
                _log(_deviation(values)),
                _log(_mean([abs(one) for one in steps])),
                _mean(values[half:]) - _mean(values[:half]),
                _mean(values[quarter : width - quarter])
                - _mean(values[:quarter] + values[width - quarter :]),
                *(_mean(core), _log(_deviation(core))),
                sum(a != b for a, b in itertools.pairwise(above)) / (width - 1),
                _log(max(abs(one) for one in steps)),
            ]
        )
    channels = [per_axis[axis][number] for number in range(13) for axis in range(4)]
    for first, second in ((0, 1), (0, 2), (1, 2)):
        a, b = axes[first], axes[second]
        shared = _mean([(u - _mean(a)) * (v - _mean(b)) for u, v in zip(a, b, strict=True)])
        channels.append(shared / (_deviation(a) * _deviation(b) + 1e-6))
    means = [_mean(axis) for axis in axes[:3]]
    channels += [mean / (_length(means) + 1e-3) for mean in means]
    for axis in axes[:3]:
        running = [_mean(axis[i : i + quarter]) for i in range(width - quarter + 1)]
        channels.append(_log(max(running) - min(running)))
    jerks = [_length([axis[i + 1] - axis[i] for axis in axes[:3]]) for i in range(width - 1)]
    trend = [_mean(axis[half:]) - _mean(axis[:half]) for axis in axes[:3]]
    area = _mean([abs(value) for axis in axes[:3] for value in axis])
    return [*channels, _log(_mean(jerks)), _log(_length(trend)), _log(area)]


def spectrum(window: Rows, rate: int) -> list[float]:
    """Compute the 64 channels of `describe_spectrum` for one window."""
    width = len(window)
    bell = [0.5 - 0.5 * math.cos(2 * math.pi * (i + 1) / (width + 1)) for i in range(width)]
    channels: list[list[float]] = [[] for _ in range(6)]
    for axis in range(4):
        values = [row[axis] for row in window]
        mean = sum(w * v for w, v in zip(bell, values, strict=True)) / sum(bell)
        lines = [
            sum(
                bell[i] * (values[i] - mean) * cmath.exp(-2j * math.pi * line * i / width)
                for i in range(width)
            )
            for line in range(width // 2 + 1)
        ]
        energy = [abs(line) ** 2 / (width * sum(w * w for w in bell)) for line in lines]
        bands = [0.0] * (len(EDGES) - 1)
        for line, value in enumerate(energy):
            frequency = line * rate / width
            bands[sum(frequency >= edge for edge in EDGES[1:-1])] += value
        rest = energy[1:]
        shares = [(value + 1e-6 / len(rest)) / (sum(rest) + 1e-6) for value in rest]
        channels[0] += [math.log(band + 1e-6) for band in bands]
        channels[1].append((rest.index(max(rest)) + 1) * rate / width)
        channels[2].append(-sum(share * math.log(share) for share in shares) / math.log(len(rest)))
        channels[3].append(mean)
        channels[4].append(lines[1].real / sum(bell))
        channels[5].append(lines[1].imag / sum(bell))
    return [value for channel in channels for value in channel]


def convolutions(window: Rows, kernels: Kernels, pooled: int) -> list[float]:
    """Compute proportion of positive responses and maximum; the window has 32 extra samples on each side."""
    positive, highest = [], []
    for weights, dilation, bias in zip(kernels.weights, kernels.dilation, kernels.bias, strict=True):
        responses = []
        for centre in range(32, 32 + pooled):
            total = -float(bias)
            for tap in range(9):
                row = window[centre + (tap - 4) * int(dilation)]
                total += sum(float(w) * value for w, value in zip(weights[tap], row, strict=True))
            responses.append(total)
        positive.append(sum(response > 0 for response in responses) / pooled)
        highest.append(max(responses))
    return positive + highest


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def _deviation(values: list[float]) -> float:
    return math.sqrt(_mean([(value - _mean(values)) ** 2 for value in values]))


def _length(values: list[float]) -> float:
    return math.sqrt(sum(value * value for value in values))


def _log(value: float) -> float:
    return math.log(value + 1e-3)
