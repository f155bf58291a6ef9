"""Encode videos: decode, cut into clips, run the network on full batches over clips of many videos.

Batches always have the same shape: the last one is filled with zeros. The result of a clip then does not
depend on what else is in its batch, and a run that was interrupted ends with the same bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from bsnpp.core.errors import Faults, UserError
from bsnpp.encoding.clips import clips
from bsnpp.encoding.encoding_settings import EncodingSettings
from bsnpp.encoding.images import Resizer, cropped
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.networks.base import Network, normalise
from bsnpp.encoding.parts import EncodedVideo
from bsnpp.encoding.sampling import at_rate
from bsnpp.encoding.video import VideoReader
from bsnpp.models.device import in_precision


@dataclass
class _Open:
    """A video whose clips are not all encoded yet."""

    reader: VideoReader
    rate: float
    features: list[np.ndarray] = field(default_factory=list)
    logits: list[np.ndarray] = field(default_factory=list)
    clips: int = 0
    ended: bool = False
    refused: bool = False


def video_clips(reader: VideoReader, settings: NetworkSettings) -> Iterator[np.ndarray]:
    """Yield the clips of a video, crop after crop: uint8 (L, size, size, C) each, C = 3 of RGB, 2 of flow."""
    resizer = Resizer(settings.images)
    frames = at_rate(reader.frames(), sampled_rate(reader, settings), reader)
    if settings.flow is None:
        whole = clips(frames, lambda frame: resizer(frame.image), settings.clips)
    else:
        from bsnpp.encoding.flow import flows  # OpenCV is slow to import, and only flow needs it

        moving = flows((resizer(frame.image) for frame in frames), settings.flow)
        whole = clips(moving, lambda flow: flow, settings.clips)
    for clip in whole:
        yield from cropped(clip, settings.images.size, settings.images.crops)


def sampled_rate(reader: VideoReader, settings: NetworkSettings) -> float:
    """Return the frames per second that are sampled."""
    return settings.clips.rate or float(reader.rate)


class Encoder:
    """Encode videos with one network.

    Parameters
    ----------
    network : Network
        In evaluation mode, on the device.
    settings : NetworkSettings
        Clips and images.
    options : EncodingSettings
        Batch size and coverage.
    device : {"cpu", "cuda"}
        Where the network is.
    precision : {"float32", "bfloat16"}
        Precision of the network.
    """

    def __init__(
        self,
        network: Network,
        settings: NetworkSettings,
        options: EncodingSettings,
        device: str,
        precision: str = "float32",
    ) -> None:
        self.settings = settings
        self._network = network
        self._options = options
        self._device = device
        self._precision = precision
        mean, deviation = _normalisation(settings)
        self._mean = torch.tensor(mean, device=device)
        self._deviation = torch.tensor(deviation, device=device)

    def encode(self, videos: Iterable[tuple[str, Path]]) -> Iterator[EncodedVideo]:
        """Encode videos, in their order.

        Parameters
        ----------
        videos : iterable of (str, Path)
            Id and file of each video.

        Yields
        ------
        EncodedVideo
            As soon as all its clips are encoded.

        Raises
        ------
        UserError
            After the last video, with all that cannot be read or have too low a coverage; at once if the
            network refuses its input or returns values that are not finite.
        """
        waiting: dict[str, _Open] = {}
        batch: list[tuple[str, np.ndarray]] = []
        faults = Faults("videos that cannot be encoded")
        for video, path in videos:
            try:
                reader = VideoReader(path)
            except UserError as error:
                faults.add(f"{video}: {error}")
                continue
            state = waiting.setdefault(video, _Open(reader, sampled_rate(reader, self.settings)))
            for clip in video_clips(reader, self.settings):
                state.clips += 1
                batch.append((video, clip))
                if len(batch) == self._options.batch_size:
                    self._run(batch, waiting)
                    batch = []
                    yield from self._finished(waiting)
            if fault := self._fault(state):
                faults.add(f"{video}: {fault}")
                state.refused = True
            state.ended = True
            yield from self._finished(waiting)
        if batch:
            self._run(batch, waiting)
        yield from self._finished(waiting)
        faults.raise_if_any()

    def _run(self, batch: list[tuple[str, np.ndarray]], waiting: dict[str, _Open]) -> None:
        """Encode a batch, filled with zeros, and hand each result to its video."""
        clips_of_batch = np.stack([clip for _, clip in batch])
        missing = self._options.batch_size - len(batch)
        if missing:
            clips_of_batch = np.pad(clips_of_batch, ((0, missing), *[(0, 0)] * 4))
        features, logits = self.output(clips_of_batch)
        for row, (video, _) in enumerate(batch):
            waiting[video].features.append(features[row])
            if logits is not None:
                waiting[video].logits.append(logits[row])

    @torch.inference_mode()
    def output(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Return features (B, D) and logits (B, K) of images of 8 bits (B, L, H, W, C)."""
        values = torch.from_numpy(images).to(self._device)
        if self.settings.images.channels == "bgr" and self.settings.flow is None:
            values = values.flip(-1)
        inputs = normalise(values, self._mean, self._deviation)
        if self.settings.flow is not None:  # x and y of each flow of a stack, one after the other
            inputs = inputs.unflatten(1, (-1, self.settings.flow.stack)).flatten(2, 3)
        with in_precision(self._device, self._precision):
            output = self._network(inputs)
        features = _array(output.features)
        if not np.isfinite(features).all():
            raise UserError(
                "the network returns values that are not finite; are its weights and inputs right?"
            )
        return features, None if output.logits is None else _array(output.logits)

    def _finished(self, waiting: dict[str, _Open]) -> Iterator[EncodedVideo]:
        """Yield the first videos whose clips are all encoded."""
        while waiting:
            video = next(iter(waiting))
            state = waiting[video]
            if not (state.ended and len(state.features) == state.clips):
                return
            del waiting[video]
            if state.refused:
                continue
            yield EncodedVideo(
                video,
                self._averaged(state.features),
                self._averaged(state.logits) if state.logits else None,
                state.rate,
                state.reader.decoded.end,
                state.reader.coverage,
            )

    def _averaged(self, rows: list[np.ndarray]) -> np.ndarray:
        """Average over the crops of each snippet."""
        crops = {"center": 1, "three": 3, "five": 5}[self.settings.images.crops]
        return np.stack(rows).reshape(-1, crops, len(rows[0])).mean(axis=1, dtype=np.float32)

    def _fault(self, state: _Open) -> str | None:
        """Tell why a video cannot be used: too little of it could be decoded."""
        reader, decoded = state.reader, state.reader.decoded
        if state.clips and reader.coverage >= self._options.min_coverage:
            return None
        claimed = "an unknown duration" if reader.claimed is None else f"{reader.claimed:.1f} s"
        return (
            f"{reader.path}: only {decoded.frames} frames up to {decoded.end:.1f} s of {claimed} could be "
            f"decoded ({decoded.damaged} damaged packets), {100 * reader.coverage:.1f} %; repair the file, "
            "leave the video out by `exclude`, or lower the key `encoding.min_coverage`"
        )


def _normalisation(settings: NetworkSettings) -> tuple[list[float], list[float]]:
    """Return mean and deviation of each channel of the images, of 8 bits each."""
    if settings.flow is not None:
        return [255 * settings.flow.mean] * 2, [255 * settings.flow.deviation] * 2
    images = settings.images
    unit = 1.0 if images.full_range else 255.0
    return [unit * value for value in images.mean], [unit * value for value in images.deviation]


def _array(values: Tensor) -> np.ndarray:
    return values.float().cpu().numpy()
