"""Import BMN weights of two public codes: JJBOY/BMN-Boundary-Matching-Network and mmaction2.

Both use the same names of layers. They differ in the samples of a proposal and in the axes of their maps,
which the sampling mask in their state dicts reveals. Names, shapes and constants were read from these
projects; none of their code was copied.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from bsnpp.core.errors import Faults, UserError
from bsnpp.core.grid import ProposalGrid
from bsnpp.models.base import Generator
from bsnpp.models.boundary_matching import sampling_matrix
from bsnpp.models.build import build_generator
from bsnpp.models.settings import BMNSettings, MatchingSettings

State = Mapping[str, Tensor]

LAYERS = {
    "x_1d_b.0": ("base.0.0", "W I 3"),
    "x_1d_b.2": ("base.1", "W G 3"),
    "x_1d_s.0": ("start.0.0", "W G 3"),
    "x_1d_s.2": ("start.1", "1 W 1"),
    "x_1d_e.0": ("end.0.0", "W G 3"),
    "x_1d_e.2": ("end.1", "1 W 1"),
    "x_1d_p.0": ("proposal_sequence.0", "P W 3"),
    "x_3d_p.0": ("matching", "F P N 1 1"),
    "x_2d_p.0": ("reduce.0", "C F 1 1"),
    "x_2d_p.2": ("confidence.convolutions.0", "C C 3 3"),
    "x_2d_p.4": ("confidence.convolutions.1", "C C 3 3"),
    "x_2d_p.6": ("confidence.predictor", "2 C 1 1"),
}
"""Our name of each public layer, and the shape of its weight; its bias has the first of these sizes.
The same letter is the same size everywhere."""

MASK = "sample_mask"

Layout = Literal["jjboy", "mmaction2"]
MAPS: dict[Layout, Literal["start_end", "duration_start"]] = {
    "jjboy": "start_end",
    "mmaction2": "duration_start",
}
"""Axes of the maps of each layout."""


@dataclass(frozen=True)
class ImportedBMN:
    """A model with the outputs of a public code, on our grid.

    Attributes
    ----------
    model : Generator
        A BMN; its channels and settings were read from the shapes and the sampling mask.
    scale : int
        T of its training; the model runs at any T.
    layout : {"jjboy", "mmaction2"}
        The public code.
    """

    model: Generator
    scale: int
    layout: Layout


def read_state(path: str | Path) -> dict[str, Tensor]:
    """Read a state dict from `.safetensors`, or from a `torch.save` file of tensors and plain values.

    The `state_dict` of a checkpoint is unwrapped, and the prefix `module.` of parallel training is removed.
    Nothing in the file is ever executed.

    Parameters
    ----------
    path : str or Path
        File to read.

    Raises
    ------
    UserError
        If the file is missing or holds anything else.
    """
    try:
        if Path(path).suffix == ".safetensors":
            content: Any = safetensors.torch.load_file(path)
        else:
            content = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, SafetensorError) as error:
        raise UserError(f"{path}: cannot be read ({error}); give a state dict") from error
    except Exception as error:  # torch raises many kinds of errors for other files
        raise UserError(
            f"{path}: not a file of tensors only ({error}); save the state dict of the model again"
        ) from error
    if isinstance(content, Mapping):
        content = content.get("state_dict", content)
    if not isinstance(content, Mapping) or not all(isinstance(value, Tensor) for value in content.values()):
        raise UserError(f"{path}: not a state dict of tensors; save the state dict of the model")
    return {str(name).removeprefix("module."): tensor for name, tensor in content.items()}


def import_bmn(state: State, source: str) -> ImportedBMN:
    """Rebuild a public BMN as one of ours.

    Invalid cells keep the response to empty features, samples have the same positions, and the end of a
    proposal is read one cell after its last one, as in both codes. The two confidence outputs are swapped,
    because those codes put the regression first.

    Parameters
    ----------
    state : mapping of str to Tensor
        A public state dict.
    source : str
        Its name in messages.

    Raises
    ------
    UserError
        With every key that is missing, unexpected or of another shape; or if the mask fits no layout.
    """
    sizes = _check_shapes(state, source)
    layout, scale = _layout(state[MASK], sizes["N"], source)
    matching = MatchingSettings(
        bins=sizes["N"], input_channels=sizes["P"], filters=sizes["F"], sampling=layout
    )
    settings = BMNSettings(
        base_channels=sizes["W"],
        groups=sizes["W"] // sizes["G"],
        matching=matching,
        confidence_channels=sizes["C"],
        maps=MAPS[layout],
        end_offset=1,
    )
    model = build_generator(sizes["I"] * settings.groups, settings).to(state["x_1d_b.0.weight"].dtype)
    model.load_state_dict(_renamed(state, model.state_dict()))
    return ImportedBMN(model, scale, layout)


def _check_shapes(state: State, source: str) -> dict[str, int]:
    """Check all names and shapes; return the size of each letter of `LAYERS`."""
    expected = {MASK: "T M"}
    for layer, (_, shape) in LAYERS.items():
        expected |= {f"{layer}.weight": shape, f"{layer}.bias": shape.split()[0]}
    faults = Faults(
        f"{source}: not a BMN of JJBOY or mmaction2", "Give the state dict of a model of one of these codes."
    )
    faults.extend(f"{name}: missing" for name in expected if name not in state)
    faults.extend(f"{name}: unexpected" for name in state if name not in expected)
    sizes: dict[str, int] = {}
    for name, shape in expected.items():
        actual = tuple(state[name].shape) if name in state else None
        if actual is not None and not _unify(shape.split(), actual, sizes):
            wanted = ", ".join(str(sizes.get(size, size)) for size in shape.split())
            faults.add(f"{name}: shape {actual}, expected ({wanted})")
    faults.raise_if_any()
    if sizes["W"] % sizes["G"]:
        faults.add(f"x_1d_b.2.weight: {sizes['G']} channels per group do not divide {sizes['W']} channels")
    if sizes["M"] != sizes["N"] * sizes["T"] ** 2:
        faults.add(f"{MASK}: {sizes['M']} columns, expected {sizes['N']} positions x {sizes['T']}^2 cells")
    faults.raise_if_any()
    return sizes


def _unify(shape: list[str], actual: tuple[int, ...], sizes: dict[str, int]) -> bool:
    """Return whether a shape is the expected one; letters seen for the first time are added to `sizes`."""
    if len(shape) != len(actual):
        return False
    wanted = [
        int(size) if size.isdigit() else sizes.get(size, here)
        for size, here in zip(shape, actual, strict=True)
    ]
    if tuple(wanted) != actual:
        return False
    sizes |= {size: here for size, here in zip(shape, actual, strict=True) if not size.isdigit()}
    return True


def _layout(mask: Tensor, bins: int, source: str) -> tuple[Layout, int]:
    """Return the layout of a sampling mask (T, N x T x T), and T."""
    scale = len(mask)
    grid = ProposalGrid(scale)
    maps = mask.double().numpy().reshape(scale, bins, scale, scale)
    rows = {"start_end": grid.start_cell, "duration_start": grid.duration_index}
    columns = {"start_end": grid.end_cell, "duration_start": grid.start_cell}
    for layout, axes in MAPS.items():
        sampled = maps[:, :, rows[axes], columns[axes]].reshape(scale * bins, -1).T  # (V, T * N)
        expected = sampling_matrix(grid, MatchingSettings(bins=bins, sampling=layout)).toarray()
        equal = np.allclose(sampled, expected, rtol=0, atol=1e-5)
        nothing_else = np.isclose(np.abs(maps).sum(), expected.sum(), rtol=1e-5)
        if equal and nothing_else:
            return layout, scale
    raise UserError(
        f"{source}: {MASK} is that of neither JJBOY nor mmaction2 (at T = {scale}, {bins} positions of 3 "
        "samples, a context of half a proposal's length); weights with other sampling cannot be imported"
    )


def _renamed(state: State, ours: State) -> dict[str, Tensor]:
    """Return the weights under our names and in our shapes."""
    renamed = {}
    for layer, (name, _) in LAYERS.items():
        for kind in ("weight", "bias"):
            key = f"{name}.{kind}"
            tensor = state[f"{layer}.{kind}"]
            if name == "confidence.predictor":
                tensor = tensor.flip(0)  # from (regression, classification) to our order
            renamed[key] = tensor.reshape(ours[key].shape)
    return renamed
