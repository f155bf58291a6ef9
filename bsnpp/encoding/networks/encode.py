"""Encode the clips of videos with a network, in full batches over clips of many videos.

Batches always have the same shape: the last one is filled with zeros. The result of a clip then does not
depend on what else is in its batch, and a run that was interrupted ends with the same bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from bsnpp.core.errors import Faults, UserError
from bsnpp.encoding.clips import snippet_count
from bsnpp.encoding.encoding_settings import EncodingSettings
from bsnpp.encoding.events import Clip, Decoding, End
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.networks.base import Network, normalise
from bsnpp.encoding.parts import EncodedVideo
from bsnpp.models.device import in_precision


@dataclass
class _Open:
    """A video whose clips are not all encoded yet."""

    features: list[np.ndarray] = field(default_factory=list)
    logits: list[np.ndarray] = field(default_factory=list)
    end: End | None = None
    refused: bool = False


class Encoder:
    """Encode videos with one network.

    Parameters
    ----------
    network : Network
        In evaluation mode, on the device.
    settings : NetworkSettings
        Clips and images.
    options : EncodingSettings
        Batch size, precision and coverage.
    device : {"cpu", "cuda"}
        Where the network is.
    """

    def __init__(
        self, network: Network, settings: NetworkSettings, options: EncodingSettings, device: str
    ) -> None:
        self.settings = settings
        self._network = network
        self._options = options
        self._device = device
        mean, deviation = _normalisation(settings)
        self._mean = torch.tensor(mean, device=device)
        self._deviation = torch.tensor(deviation, device=device)

    def encode(self, events: Iterable[Clip | End]) -> Iterator[EncodedVideo]:
        """Encode the clips of videos.

        Parameters
        ----------
        events : iterable of Clip or End
            Clips of one or several videos at a time, and the end of each video.

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
        batch: list[Clip] = []
        faults: dict[str, str] = {}
        for event in events:
            state = waiting.setdefault(event.video, _Open())
            if isinstance(event, Clip):
                batch.append(event)
            else:
                state.end = event
                if fault := self._fault(event):
                    faults[event.video] = fault
                    state.refused = True
            if len(batch) == self._options.batch_size:
                self._run(batch, waiting)
                batch = []
            yield from self._finished(waiting)
        if batch:
            self._run(batch, waiting)
        yield from self._finished(waiting)
        listed = Faults(
            "videos that cannot be encoded",
            "Repair the files, leave the videos out by `exclude`, or lower the key `encoding.min_coverage`.",
        )
        listed.extend(f"{video}: {faults[video]}" for video in sorted(faults))
        listed.raise_if_any()

    def _run(self, batch: list[Clip], waiting: dict[str, _Open]) -> None:
        """Encode a batch, filled with zeros, and hand each result to its video."""
        clips_of_batch = np.stack([clip.images for clip in batch])
        missing = self._options.batch_size - len(batch)
        if missing:
            clips_of_batch = np.pad(clips_of_batch, ((0, missing), *[(0, 0)] * 4))
        features, logits = self.output(clips_of_batch)
        for row, clip in enumerate(batch):
            waiting[clip.video].features.append(features[row])
            if logits is not None:
                waiting[clip.video].logits.append(logits[row])

    @torch.inference_mode()
    def output(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Return features (B, D) and logits (B, K) of images of 8 bits (B, L, H, W, C)."""
        values = torch.from_numpy(images).to(self._device)
        if self.settings.images.channels == "bgr" and self.settings.flow is None:
            values = values.flip(-1)
        inputs = normalise(values, self._mean, self._deviation)
        if self.settings.flow is not None:  # x and y of each flow of a stack, one after the other
            inputs = inputs.unflatten(1, (-1, self.settings.flow.stack)).flatten(2, 3)
        try:
            with in_precision(self._device, self._options.precision):
                output = self._network(inputs)
        except RuntimeError as error:
            raise UserError(
                f"the network cannot encode clips of shape {tuple(inputs.shape)} ({str(error).strip():.300})"
                "; correct the sections clips, images and flow, or lower `batch_size` if memory is short"
            ) from error
        features = _array(output.features)
        if not np.isfinite(features).all():
            raise UserError(
                "the network returns values that are not finite; are its weights and inputs right?"
            )
        return features, None if output.logits is None else _array(output.logits)

    def _finished(self, waiting: dict[str, _Open]) -> Iterator[EncodedVideo]:
        """Yield the videos whose clips are all encoded."""
        for video, state in list(waiting.items()):
            if state.end is None or len(state.features) < state.end.clips:
                continue
            del waiting[video]
            if state.refused or state.end.decoding is None:
                continue
            decoding = state.end.decoding
            yield EncodedVideo(
                video,
                self._to_the_end(self._averaged(state.features), decoding),
                self._averaged(state.logits) if state.logits else None,
                decoding.rate,
                decoding.length,
                decoding.coverage,
            )

    def _to_the_end(self, features: np.ndarray, decoding: Decoding) -> np.ndarray:
        """Repeat the last snippet of a partial file, so that the others keep their times."""
        if decoding.length == decoding.seconds:
            return features
        wanted = snippet_count(round(decoding.length * decoding.rate), self.settings.clips.interval)
        missing = max(wanted - len(features), 0)
        return np.concatenate([features, np.repeat(features[-1:], missing, axis=0)])

    def _averaged(self, rows: list[np.ndarray]) -> np.ndarray:
        """Average over the crops of each snippet."""
        crops = {"center": 1, "three": 3, "five": 5}[self.settings.images.crops]
        return np.stack(rows).reshape(-1, crops, len(rows[0])).mean(axis=1, dtype=np.float32)

    def _fault(self, end: End) -> str | None:
        """Return why a video cannot be used: it cannot be read, or too little of it could be decoded."""
        if end.decoding is None:
            return end.fault
        enough = end.clips > 0 and end.decoding.coverage >= self._options.min_coverage
        return None if enough else f"{end.path}: {end.decoding}"


def _normalisation(settings: NetworkSettings) -> tuple[list[float], list[float]]:
    """Return mean and deviation of each channel of the images, of 8 bits each."""
    if settings.flow is not None:
        return [255 * settings.flow.mean] * 2, [255 * settings.flow.deviation] * 2
    images = settings.images
    unit = 1.0 if images.full_range else 255.0
    return [unit * value for value in images.mean], [unit * value for value in images.deviation]


def _array(values: Tensor) -> np.ndarray:
    return values.float().cpu().numpy()
