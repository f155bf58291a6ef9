"""Small feature files in every container."""

import pickle
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import torch

from bsnpp.features.settings import StreamSource

Write = Callable[[Path, np.ndarray], object]


def sequence_of(length: int, channels: int = 3, seed: int = 0) -> np.ndarray:
    """Draw a sequence: float32 (length, channels)."""
    return np.random.default_rng(seed).standard_normal((length, channels)).astype(np.float32)


def stream_of(path: Path, **keys: object) -> StreamSource:
    """Make the settings of a stream `rgb` with 3 channels, with other keys if given."""
    return StreamSource.model_validate({"name": "rgb", "path": str(path), "channels": 3, **keys})


def write_csv(header: str = "") -> Write:
    """Make a writer of CSV files with this header, or without one."""

    def write(stem: Path, values: np.ndarray) -> None:
        rows = [",".join(repr(float(value)) for value in row) for row in values]
        stem.with_suffix(".csv").write_text("\n".join([header, *rows] if header else rows) + "\n")

    return write


def _write_h5(stem: Path, values: np.ndarray) -> None:
    with h5py.File(stem.with_suffix(".h5"), "w") as file:
        file["some/group"] = values


WRITERS: dict[str, Write] = {
    "csv": write_csv("f0,f1,f2"),
    "csv with #": write_csv("# f0,f1,f2"),
    "csv without header": write_csv(),
    "npy": lambda stem, values: np.save(stem.with_suffix(".npy"), values),
    "npz": lambda stem, values: np.savez(stem.with_suffix(".npz"), feats=values, other=np.zeros(1)),
    "npz, deflated": lambda stem, values: np.savez_compressed(stem.with_suffix(".npz"), feats=values),
    "pt": lambda stem, values: torch.save(torch.from_numpy(values), stem.with_suffix(".pt")),
    "pkl": lambda stem, values: stem.with_suffix(".pkl").write_bytes(pickle.dumps(values)),
    "h5": _write_h5,
}
"""Write `stem` with the suffix of the container; values (snippets, channels)."""
