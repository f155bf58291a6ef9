"""Networks of images from the library timm."""

import re
import sys
from types import ModuleType

import torch
from torch import nn

from bsnpp.core.errors import UserError


def timm_network(name: str, classes: int, channels: int) -> tuple["Trunk", nn.Module | None]:
    """Build a network of timm with random weights.

    Parameters
    ----------
    name : str
        Name in timm, for example resnet50 or efficientnet_lite0.
    classes : int
        Classes of its classifier; 0 without a classifier.
    channels : int
        Channels of an image: 3 of RGB, 10 of a stack of five flows.

    Returns
    -------
    trunk : Trunk
        Images (N, C, H, W) to pooled features (N, D). It holds the classifier too, unused.
    head : nn.Module or None
        Features (N, D) to logits (N, K).

    Raises
    ------
    UserError
        If timm is not installed or has no such network.
    """
    timm = import_timm()
    try:
        model = timm.create_model(name, pretrained=False, num_classes=classes, in_chans=channels)
    except RuntimeError as error:
        raise UserError(f"timm has no network {name!r} ({str(error).strip():.200})") from error
    return Trunk(model), Head(model) if classes else None


class Trunk(nn.Module):
    """The part of a network of timm up to its pooled features."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Encode images (N, C, H, W) as (N, D)."""
        features = self.model.forward_features(images)  # type: ignore[operator]
        return self.model.forward_head(features, pre_logits=True)  # type: ignore[operator]


class Head(nn.Module):
    """The classifier of a network of timm; its weights stay those of the whole network."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self._model = [model]  # in a list: else its weights would be listed twice

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Classify features (N, D) as (N, K)."""
        return self._model[0].get_classifier()(features)  # type: ignore[operator]


def import_timm() -> ModuleType:
    """Import timm, even if torchvision was built for another version of torch.

    timm imports torchvision but needs none of its compiled operators. If these do not fit the installed
    torch, the import of torchvision fails at the first one. That operator is then declared, and the import
    tried again.

    Raises
    ------
    UserError
        If timm or torchvision is not installed.
    """
    try:
        while True:
            try:
                import torchvision  # noqa: F401

                break
            except RuntimeError as error:
                _declare_operator(error)
        import timm
    except ImportError as error:
        raise UserError(
            f"networks of timm need the extra `videos`: pip install 'bsnpp[videos]' ({error})"
        ) from error
    return timm


_DECLARED: dict[str, torch.library.Library] = {}
"""Libraries of declared operators; an operator lasts as long as its library."""


def _declare_operator(error: RuntimeError) -> None:
    """Declare the operator that is missing, so that the next import gets further; raise any other error."""
    missing = re.search(r"operator torchvision::(\w+) does not exist", str(error))
    if missing is None or missing[1] in _DECLARED:
        raise error
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    library = torch.library.Library("torchvision", "FRAGMENT")
    library.define(f"{missing[1]}(Tensor values) -> Tensor")
    _DECLARED[missing[1]] = library
