"""From features to proposal maps."""

import numpy as np
import torch

from bsnpp.models.build import Generator
from bsnpp.models.device import in_precision


@torch.no_grad()
def predict_maps(
    model: Generator, features: np.ndarray, device: str, precision: str = "float32"
) -> tuple[np.ndarray, np.ndarray]:
    """Run a generator in evaluation mode, with its bidirectional boundary pass where it has one.

    Parameters
    ----------
    model : Generator
        On `device`.
    features : ndarray (B, C, T) float32
        Rescaled features; T may differ from the T of training.
    device : str
        Where the model lives.
    precision : {"float32", "bfloat16"}
        See `bsnpp.models.compute.in_precision`.

    Returns
    -------
    boundary : ndarray (B, 2, T) float32
        Start and end probabilities (Eq. 1).
    confidence : ndarray (B, 2, V) float32
        Classification and regression confidences.
    """
    model.eval()
    inputs = torch.from_numpy(features).to(device)
    with in_precision(device, precision):
        output = model(inputs).float()
        boundary = model.boundary_probabilities(inputs, output)
    confidence = model.confidence_probabilities(output)
    return boundary.float().cpu().numpy(), confidence.cpu().numpy()
