"""Weights of two public BMN codes: JJBOY/BMN-Boundary-Matching-Network and mmaction2.

Both name their layers alike and differ in what a proposal samples and in the axes of their maps. Their
state dicts hold the sampling mask, a constant, by which the layout is told. Names, shapes and constants
were read from these projects; no code was.
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
from bsnpp.models.bmn import BMN
from bsnpp.models.boundary_matching import sampling_matrix
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
"""A layer's public name: our name, and the shape of its weight. A bias has the first of these sizes."""

MASK = "sample_mask"

Layout = Literal["jjboy", "mmaction2"]
MAPS: dict[Layout, Literal["start_end", "duration_start"]] = {
    "jjboy": "start_end",
    "mmaction2": "duration_start",
}
"""The axes of the maps of each layout."""


@dataclass(frozen=True)
class ImportedBMN:
    """A model that gives a public code's outputs, on our grid.

    Attributes
    ----------
    model : BMN
    channels : int
        Channels of the features that it reads.
    settings : BMNSettings
        Read from the shapes and the sampling mask.
    scale : int
        T of its training; it runs at any.
    """

    model: BMN
    channels: int
    settings: BMNSettings
    scale: int


def read_state(path: str | Path) -> dict[str, Tensor]:
    """Read the state dict of a file: `.safetensors`, or a `torch.save` of tensors and plain values.

    A checkpoint's `state_dict` is unwrapped, and the prefix `module.` of parallel training taken off.

    Raises
    ------
    UserError
        If the file is missing or holds anything else; nothing in it is ever executed.
    """
    try:
        if Path(path).suffix == ".safetensors":
            content: Any = safetensors.torch.load_file(path)
        else:
            content = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, SafetensorError) as error:
        raise UserError(f"{path}: cannot be read ({error}); give a state dict") from error
    except Exception as error:  # torch raises many kinds for a file that is not one of its own
        raise UserError(
            f"{path}: not a file of tensors alone ({error}); save its state dict again"
        ) from error
    if isinstance(content, Mapping):
        content = content.get("state_dict", content)
    if not isinstance(content, Mapping) or not all(isinstance(value, Tensor) for value in content.values()):
        raise UserError(f"{path}: holds no state dict, which maps names to tensors; save the model's")
    return {str(name).removeprefix("module."): tensor for name, tensor in content.items()}


def import_bmn(state: State, source: str = "the state dict") -> ImportedBMN:
    """Rebuild a public BMN as one of ours.

    Cells outside the proposals keep what biases leave in them, samples lie where they lay, and the end of
    a proposal is read one cell after its last one, as both codes do. The two outputs change places, since
    those codes put the regression first.

    Parameters
    ----------
    state : mapping of str to Tensor
        A public state dict.
    source : str
        Its name in messages.

    Raises
    ------
    UserError
        Naming every key that is missing, unexpected or of another shape; or if the mask fits no layout.
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
    channels = sizes["I"] * settings.groups
    model = BMN(channels, settings).to(state["x_1d_b.0.weight"].dtype)
    model.load_state_dict(_renamed(state, model.state_dict()))
    return ImportedBMN(model, channels, settings, scale)


def _check_shapes(state: State, source: str) -> dict[str, int]:
    """The sizes that the letters of `LAYERS` stand for, all shapes being right."""
    expected = {MASK: "T M"}
    for layer, (_, shape) in LAYERS.items():
        expected |= {f"{layer}.weight": shape, f"{layer}.bias": shape.split()[0]}
    faults = Faults(
        f"{source}: no BMN of JJBOY or mmaction2", "Give the state dict of one of these codes' models."
    )
    faults.extend(f"{name}: missing" for name in expected if name not in state)
    faults.extend(f"{name}: unexpected" for name in state if name not in expected)
    sizes: dict[str, int] = {}
    for name, shape in expected.items():
        found = tuple(state[name].shape) if name in state else None
        if found is not None and not _unify(shape.split(), found, sizes):
            wanted = ", ".join(str(sizes.get(size, size)) for size in shape.split())
            faults.add(f"{name}: shape {found}, expected ({wanted})")
    faults.raise_if_any()
    if sizes["W"] % sizes["G"]:
        faults.add(f"x_1d_b.2.weight: {sizes['G']} channels a group do not divide {sizes['W']} channels")
    if sizes["M"] != sizes["N"] * sizes["T"] ** 2:
        faults.add(f"{MASK}: {sizes['M']} columns, expected {sizes['N']} positions x {sizes['T']}^2 cells")
    faults.raise_if_any()
    return sizes


def _unify(shape: list[str], found: tuple[int, ...], sizes: dict[str, int]) -> bool:
    """Whether a shape is the expected one, where letters that are met first take its sizes."""
    if len(shape) != len(found):
        return False
    wanted = [
        int(size) if size.isdigit() else sizes.get(size, here)
        for size, here in zip(shape, found, strict=True)
    ]
    if tuple(wanted) != found:
        return False
    sizes |= {size: here for size, here in zip(shape, found, strict=True) if not size.isdigit()}
    return True


def _layout(mask: Tensor, bins: int, source: str) -> tuple[Layout, int]:
    """Whose sampling mask (T, N x T x T) it is, and its T."""
    scale = len(mask)
    grid = ProposalGrid(scale)
    maps = mask.double().numpy().reshape(scale, bins, scale, scale)
    rows = {"start_end": grid.start_cell, "duration_start": grid.duration_index}
    columns = {"start_end": grid.end_cell, "duration_start": grid.start_cell}
    for layout, axes in MAPS.items():
        sampled = maps[:, :, rows[axes], columns[axes]].reshape(scale * bins, -1).T  # (V, T * N)
        expected = sampling_matrix(grid, MatchingSettings(bins=bins, sampling=layout)).toarray()
        inside = np.allclose(sampled, expected, rtol=0, atol=1e-5)
        if inside and np.isclose(np.abs(maps).sum(), expected.sum(), rtol=1e-5):
            return layout, scale
    raise UserError(
        f"{source}: {MASK} is that of neither JJBOY nor mmaction2 (at T = {scale}, {bins} positions of 3 "
        "samples, a context of half a proposal's length); weights of other sampling cannot be imported"
    )


def _renamed(state: State, ours: State) -> dict[str, Tensor]:
    """The weights under our names and in our shapes."""
    renamed = {}
    for layer, (name, _) in LAYERS.items():
        for kind in ("weight", "bias"):
            key = f"{name}.{kind}"
            tensor = state[f"{layer}.{kind}"]
            if name == "confidence.predictor":
                tensor = tensor.flip(0)  # (regression, classification) to ours
            renamed[key] = tensor.reshape(ours[key].shape)
    return renamed
