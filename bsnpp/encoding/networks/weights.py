"""Load the weights of a network from a file of this or another codebase. Pickled objects are never loaded."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from bsnpp.core.errors import Faults, UserError
from bsnpp.core.wording import counted

PREFIXES = ("module.", "base_model.", "backbone.", "encoder.", "model.")
"""Beginnings of names that wrappers of public codebases add."""
CLASSIFIER = 2
"""Tensors of a classifier, which come last; a network without one ignores them."""
COUNTER = "num_batches_tracked"
"""Of batch normalisation in training; networks here never use it."""


def load_weights(
    model: nn.Module,
    path: str,
    match: Literal["names", "order"],
    own_name: Callable[[str], str] = lambda name: name,
) -> None:
    """Load weights into a network.

    Parameters
    ----------
    model : nn.Module
        The network, changed in place.
    path : str
        A .safetensors file, or a .pth or .pt file of plain tensors, perhaps below the key `state_dict`,
        `model_state` or `model`.
    match : {"names", "order"}
        names: prefixes of public codebases are removed from both sides; tensors that the network lacks, such
        as another classifier, are ignored. order: both have the same tensors, in the same order; the file may
        have those of a classifier behind them.
    own_name : callable
        Returns the name of a weight of the codebase that released the network.

    Raises
    ------
    UserError
        If the file cannot be read, or with every weight that it lacks or has in another shape.
    """
    given = {name: value for name, value in _read(path).items() if not name.endswith(COUNTER)}
    own = {name: value for name, value in model.state_dict().items() if not name.endswith(COUNTER)}
    if match == "order":
        chosen = _by_order(path, own, given)
    else:
        by_name = {own_name(_bare(name)): value for name, value in given.items()}
        chosen = {name: by_name[_bare(name)] for name in own if _bare(name) in by_name}
    faults = Faults(f"{path}: weights that do not fit the network", "Is it the file of this architecture?")
    faults.extend(f"{name}: missing" for name in own if name not in chosen)
    faults.extend(
        f"{name}: shape {tuple(value.shape)}, expected {tuple(own[name].shape)}"
        for name, value in chosen.items()
        if value.shape != own[name].shape
    )
    faults.raise_if_any()
    model.load_state_dict(chosen, strict=False)


def _read(path: str) -> dict[str, Tensor]:
    try:
        if Path(path).suffix == ".safetensors":
            return safetensors.torch.load_file(path)
        content: Any = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise UserError(f"{path}: no such file; expected the weights of a network") from error
    except (OSError, SafetensorError, RuntimeError, ValueError, KeyError, EOFError, AttributeError) as error:
        raise UserError(f"{path}: not a file of weights ({str(error).strip():.200})") from error
    except Exception as error:  # unpickling anything but tensors raises errors of many kinds
        raise UserError(f"{path}: holds more than tensors; save its state_dict as safetensors") from error
    for key in ("state_dict", "model_state", "model"):
        if isinstance(content, dict) and isinstance(content.get(key), dict):
            content = content[key]
    if not isinstance(content, dict) or not all(isinstance(value, Tensor) for value in content.values()):
        raise UserError(f"{path}: holds no dictionary of tensors")
    return content


def _bare(name: str) -> str:
    """Return the name of a weight without what wrappers add."""
    stripped = True
    while stripped:
        stripped = False
        for prefix in PREFIXES:
            if name.startswith(prefix):
                name, stripped = name.removeprefix(prefix), True
    return name


def _by_order(path: str, own: dict[str, Tensor], given: dict[str, Tensor]) -> dict[str, Tensor]:
    if not 0 <= len(given) - len(own) <= CLASSIFIER:
        raise UserError(f"{path}: {counted(len(given), 'tensor')}, but the network has {len(own)}")
    return dict(zip(own, given.values(), strict=False))
