"""Build the network that settings describe."""

from collections.abc import Callable

import torch
from torch import nn

from bsnpp.encoding.network_settings import ModelSettings, NetworkSettings, network_classes
from bsnpp.encoding.networks.base import ClipNetwork, FrameAverage, Network
from bsnpp.encoding.networks.bn_inception import BNInception
from bsnpp.encoding.networks.codebases import image_name
from bsnpp.encoding.networks.exported import load_onnx, load_torch_export, load_torchscript
from bsnpp.encoding.networks.p3d import P3D
from bsnpp.encoding.networks.slowfast import SlowFast
from bsnpp.encoding.networks.slowfast_names import own_name
from bsnpp.encoding.networks.temporal import add_interlacing, add_shift
from bsnpp.encoding.networks.timm_models import timm_network
from bsnpp.encoding.networks.weights import load_weights

SLOWFAST = {"slowfast50": 50, "slowfast101": 101}
"""Depth of each SlowFast network."""


def build_network(settings: NetworkSettings, device: str, threads: int) -> Network:
    """Build a network in evaluation mode, with its weights.

    Parameters
    ----------
    settings : NetworkSettings
        Architecture, weights and clips.
    device : {"cpu", "cuda"}
        Where it runs.
    threads : int
        CPU threads.

    Raises
    ------
    UserError
        If a file is missing or not the one of this architecture, or a package is missing.
    """
    model = settings.model
    if model.architecture == "torch_export":
        return load_torch_export(str(model.weights), device, model.reads == "clips")
    if model.architecture == "torchscript":
        return load_torchscript(str(model.weights), device, model.reads == "clips")
    if model.architecture == "onnx":
        return load_onnx(str(model.weights), device, model.reads == "clips", threads)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)  # random weights are the same each time
        network = _own(model, settings.images_per_clip, settings.channels)
    return network.to(device).eval()


def _own(model: ModelSettings, frames: int, channels: int) -> nn.Module:
    """Build a network of this project or of timm, and load its weights."""
    classes = 0 if model.classes is None else len(network_classes(model.classes))
    if model.architecture == "bn_inception":
        inception = BNInception(classes, channels)
        _load(inception, model, image_name)
        return FrameAverage(inception, inception.fc)
    if model.architecture in SLOWFAST:
        slowfast = SlowFast(classes, SLOWFAST[model.architecture], channels, plain=model.laterals == "plain")
        _load(slowfast, model, own_name)
        return ClipNetwork(slowfast, slowfast.fc)
    if model.architecture == "p3d":
        p3d = P3D(classes, channels)
        _load(p3d, model)
        return ClipNetwork(p3d, p3d.fc)
    trunk, head = timm_network(str(model.name), classes, channels)
    if model.architecture == "tsm":
        add_shift(trunk.model, frames)
    elif model.architecture == "tin":
        add_interlacing(trunk.model, frames)
    _load(trunk.model, model, image_name)
    return FrameAverage(trunk, head)


def _load(network: nn.Module, model: ModelSettings, name: Callable[[str], str] = lambda name: name) -> None:
    """Load the weights that settings name, if they do."""
    if model.weights is not None:
        load_weights(network, model.weights, model.match, name)
