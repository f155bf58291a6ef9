"""Device and precision of the computation."""

import os

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


def prepare_device(device: str) -> None:
    """Refuse a device that is not available, and let `float32` mean float32 on a GPU.

    By default, convolutions would round their inputs to the 10 bits of TF32 there.

    Raises
    ------
    UserError
        If a GPU is requested and torch finds none.
    """
    check_device(device)
    torch.backends.cudnn.allow_tf32 = False


def prepare_training(device: str) -> None:
    """Prepare a device, and make training on a GPU reproducible bit for bit, as it is on a CPU.

    Operations without a deterministic implementation raise an error from now on.

    Raises
    ------
    UserError
        If a GPU is requested and torch finds none.
    """
    prepare_device(device)
    if device == "cuda":
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # required for matrix products
        torch.use_deterministic_algorithms(True)
        # Filling new memory would only guard against reads of uninitialised values, and is slow.
        torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]


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
