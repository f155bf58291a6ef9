"""Networks that were exported elsewhere: torch.export (.pt2), TorchScript (.pt) and ONNX.

A network reads frames (N, C, H, W), whose features are averaged over a clip, or clips (B, C, L, H, W). It
returns one vector for each input, or a tuple of features and class logits.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from bsnpp.core.errors import UserError
from bsnpp.encoding.networks.base import Encoded

Apply = Callable[[Tensor], Any]
"""The network itself: a tensor to a tensor, or to a tuple of them."""


class ExportedNetwork:
    """Adapt an exported network.

    Parameters
    ----------
    path : str
        File of the network, for messages.
    apply : callable
        The network.
    reads_clips : bool
        Whether it reads clips in place of frames.
    """

    def __init__(self, path: str, apply: Apply, reads_clips: bool) -> None:
        self.path = path
        self._apply = apply
        self._reads_clips = reads_clips

    def __call__(self, clips: Tensor) -> Encoded:
        """Encode clips (B, L, C, H, W).

        Raises
        ------
        UserError
            If the network refuses this input, or does not return one vector for each clip or frame.
        """
        batch, frames = clips.shape[:2]
        inputs = clips.transpose(1, 2).contiguous() if self._reads_clips else clips.flatten(0, 1)
        try:
            output = self._apply(inputs)
        except (RuntimeError, ValueError, TypeError, AssertionError) as error:
            raise UserError(
                f"{self.path}: refuses an input of shape {tuple(inputs.shape)} ({str(error).strip():.300})"
            ) from error
        features, logits = self._vectors(output, len(inputs))
        if self._reads_clips:
            return Encoded(features, logits)
        return Encoded(
            features.unflatten(0, (batch, frames)).mean(dim=1),
            None if logits is None else logits.unflatten(0, (batch, frames)).mean(dim=1),
        )

    def _vectors(self, output: Any, count: int) -> tuple[Tensor, Tensor | None]:
        """Check that an output is one vector for each input; trailing axes of length 1 are dropped."""
        parts: Sequence[Any] = output if isinstance(output, tuple | list) else (output,)
        vectors = [_without_trailing_axes(part) for part in parts]
        sound = all(isinstance(part, Tensor) and part.ndim == 2 and len(part) == count for part in vectors)
        if not sound or len(vectors) not in (1, 2):
            shapes = ", ".join(
                str(tuple(part.shape)) if isinstance(part, Tensor) else type(part).__name__ for part in parts
            )
            raise UserError(
                f"{self.path}: returns {shapes} for {count} inputs; expected one vector for each, "
                f"({count}, D), or a pair of features and class logits"
            )
        return vectors[0], vectors[1] if len(vectors) == 2 else None


def _without_trailing_axes(part: Any) -> Any:
    """Drop axes of length 1 behind the first two of a tensor."""
    if isinstance(part, Tensor) and part.ndim > 2 and set(part.shape[2:]) == {1}:
        return part.flatten(1)
    return part


def load_torch_export(path: str, device: str, reads_clips: bool) -> ExportedNetwork:
    """Load a network that `torch.export.save` wrote (.pt2).

    Raises
    ------
    UserError
        If the file is missing or not one.
    """
    try:
        program = torch.export.load(path)
        module = program.module().to(device)
    except Exception as error:  # torch raises errors of many kinds
        raise _unreadable(path, "torch.export", error) from error
    return ExportedNetwork(path, module, reads_clips)


def load_torchscript(path: str, device: str, reads_clips: bool) -> ExportedNetwork:
    """Load a network that `torch.jit.save` wrote.

    Raises
    ------
    UserError
        If the file is missing or not one.
    """
    try:
        module = torch.jit.load(path, map_location=device).eval()
    except Exception as error:  # torch raises errors of many kinds
        raise _unreadable(path, "TorchScript", error) from error
    return ExportedNetwork(path, module, reads_clips)


def load_onnx(path: str, device: str, reads_clips: bool, threads: int) -> ExportedNetwork:
    """Load an ONNX network; its axes may be dynamic, or have the sizes of the input.

    Raises
    ------
    UserError
        If the file is missing or not one, or it has several inputs.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    providers = ["CUDAExecutionProvider"] if device == "cuda" else []
    try:
        session = onnxruntime.InferenceSession(
            Path(path).read_bytes(), options, providers=[*providers, "CPUExecutionProvider"]
        )
    except Exception as error:  # ONNX Runtime raises errors of many kinds
        raise _unreadable(path, "ONNX", error) from error
    names = [each.name for each in session.get_inputs()]
    if len(names) != 1:
        raise UserError(f"{path}: has the inputs {', '.join(names)}; expected one, the frames or the clips")
    return ExportedNetwork(path, _onnx_apply(session, names[0]), reads_clips)


def _onnx_apply(session: Any, name: str) -> Apply:
    """Return a function that runs a session; a fixed batch axis is filled part by part."""
    fixed = session.get_inputs()[0].shape[0]
    size = fixed if isinstance(fixed, int) else None

    def run(values: np.ndarray) -> list[np.ndarray]:
        try:
            return session.run(None, {name: values})
        except Exception as error:  # of ONNX Runtime's own kinds
            raise RuntimeError(str(error)) from error

    def apply(inputs: Tensor) -> tuple[Tensor, ...]:
        values = inputs.cpu().numpy().astype(np.float32)
        if size is None:
            outputs = run(values)
        else:
            padding = -len(values) % size
            padded = np.concatenate([values, np.zeros((padding, *values.shape[1:]), np.float32)])
            parts = [run(padded[first : first + size]) for first in range(0, len(padded), size)]
            outputs = [np.concatenate(each)[: len(values)] for each in zip(*parts, strict=True)]
        return tuple(torch.from_numpy(output) for output in outputs)

    return apply


def _unreadable(path: str, form: str, error: Exception) -> UserError:
    if not Path(path).exists():
        return UserError(f"{path}: no such file; expected a network in the form of {form}")
    return UserError(f"{path}: not a network in the form of {form} ({str(error).strip():.300})")
