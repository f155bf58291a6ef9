"""Device and precision of the computation."""

import torch

from bsnpp.core.errors import UserError


def check_device(device: str) -> None:
    """Refuse a device that is not available.

    Raises
    ------
    UserError
        If a GPU is requested and torch finds none.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise UserError(
            f"compute.device: cuda, but torch {torch.__version__} finds no GPU here; use a machine with one, "
            "install a build of torch for it, or set cpu"
        )


def in_precision(device: str, precision: str) -> torch.autocast:
    """Return a context in which generators run in float32, or in bfloat16 where autocast allows it.

    Parameters
    ----------
    device : {"cpu", "cuda"}
        Device of the generator.
    precision : {"float32", "bfloat16"}
        Precision of matrix products and convolutions.
    """
    return torch.autocast(device, torch.bfloat16, enabled=precision == "bfloat16")
