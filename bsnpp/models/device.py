"""Check the device, and choose the precision of the computation."""

import torch

from bsnpp.core.errors import UserError


def check_device(device: str) -> None:
    """Refuse a device that is not there.

    Raises
    ------
    UserError
        If a GPU is asked for, and torch sees none.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise UserError(
            f"compute.device: cuda, but torch {torch.__version__} sees no GPU here; use a machine with one, "
            "install a build of torch for it, or set cpu"
        )


def in_precision(device: str, precision: str) -> torch.autocast:
    """A context that runs generators in float32, or where it is safe in bfloat16 (autocast)."""
    return torch.autocast(device, torch.bfloat16, enabled=precision == "bfloat16")
