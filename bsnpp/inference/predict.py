"""Predict proposal maps from features."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from bsnpp.models.base import Generator
from bsnpp.models.device import in_precision
from bsnpp.models.directions import fuse_directions
from bsnpp.stores.features import FeatureStore


@torch.no_grad()
def predict_maps(
    model: Generator, features: np.ndarray, device: str, precision: str, reversal: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Run a generator in evaluation mode on a batch of videos.

    On a CPU the videos are processed one by one, which takes no longer, so that the maps of a video do not
    depend on its batch. On a GPU they do, by about 1e-7.

    Parameters
    ----------
    model : Generator
        On `device`.
    features : ndarray (B, C, T) float32
        Rescaled features; T may differ from the T of training.
    device : str
        Device of the model.
    precision : {"float32", "bfloat16"}
        See `bsnpp.models.device.in_precision`.
    reversal : bool
        Whether to average the maps of the videos and of the reversed videos: boundary probabilities as the
        geometric mean (Eq. 1), confidences as the mean.

    Returns
    -------
    boundary : ndarray (B, 2, T) float32
        Start and end probabilities.
    confidence : ndarray (B, 2, V) float32
        Classification and regression confidences.
    """
    model.eval()
    if device == "cpu" and len(features) > 1:
        alone = [predict_maps(model, one[None], device, precision, reversal) for one in features]
        boundaries, confidences = zip(*alone, strict=True)
        return np.concatenate(boundaries), np.concatenate(confidences)
    inputs = torch.from_numpy(features).to(device)
    boundary, confidence = _maps(model, inputs, device, precision)
    if reversal:
        backward, mirrored = _maps(model, inputs.flip(-1), device, precision)
        mirror = torch.from_numpy(model.settings.grid(features.shape[-1]).reversal).to(device)
        boundary = fuse_directions(boundary, backward)
        confidence = (confidence + mirrored[..., mirror]) / 2
    return boundary.cpu().numpy(), confidence.cpu().numpy()


def _maps(model: Generator, inputs: Tensor, device: str, precision: str) -> tuple[Tensor, Tensor]:
    """Return boundary probabilities (B, 2, T) and confidences (B, 2, V) in float32."""
    with in_precision(device, precision):
        output = model(inputs).float()
        boundary = model.boundary_probabilities(inputs, output)
    return boundary.float(), model.confidence_probabilities(output)


def predict_store(
    model: Generator,
    store: FeatureStore,
    batch_size: int,
    device: str,
    precision: str,
    reversal: bool = False,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the maps of all videos of a feature file, batch by batch in their order.

    Parameters
    ----------
    model : Generator
        On `device`.
    store : FeatureStore
        N videos with the channels of the model.
    batch_size : int
        Videos per batch; the last batch may be smaller.
    device, precision, reversal
        See `predict_maps`.

    Yields
    ------
    boundary, confidence : ndarray
        See `predict_maps`.
    """
    count = len(store.videos)
    for begin in range(0, count, batch_size):
        features = store.read(range(begin, min(begin + batch_size, count)))
        yield predict_maps(model, features, device, precision, reversal)
