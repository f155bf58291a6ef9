"""The encoding stage: from video files to one file of features, and one of class scores."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.encoding.clips_of_videos import ClipSource
from bsnpp.encoding.decoders import events_of
from bsnpp.encoding.events import WHOLE
from bsnpp.encoding.files import Progress, Video
from bsnpp.encoding.network_settings import NetworkSettings, network_classes
from bsnpp.encoding.networks.build import build_network
from bsnpp.encoding.networks.encode import Encoder
from bsnpp.encoding.networks.fast import faster
from bsnpp.encoding.parts import EncodedVideo, Parts
from bsnpp.encoding.stream_settings import StreamEncoding
from bsnpp.stores.encoded import write_encoded, write_video_scores


class Outcome(NamedTuple):
    """Number of videos that were encoded now, and those whose files lack a part."""

    encoded: int
    partial: list[str]


def encode_files(
    videos: Sequence[Video],
    features: str | Path,
    scores: str | Path | None,
    digest: str,
    settings: StreamEncoding,
    progress: Progress = lambda videos, total: videos,
    processes: int = 0,
    flow: Mapping[str, Path] | None = None,
) -> Outcome:
    """Encode videos into one file; what an interrupted run has encoded already is kept.

    Parameters
    ----------
    videos : sequence of (str, Path)
        Id and file of each video.
    features : str or Path
        HDF5 file of features to write.
    scores : str or Path, optional
        JSON file of class logits to write, the mean over the snippets of each video; empty if the network has
        no list of classes.
    digest : str
        Changes with code, settings and weights.
    settings : StreamEncoding
        Network, encoding, device and channels.
    progress : callable
        Wraps the loop over the videos.
    processes : int
        Processes that decode, in addition to that of the network; 0 decodes in the same one. Results do not
        depend on it.
    flow : mapping of str to Path, optional
        Optical flow of each video, if it was computed before.

    Returns
    -------
    Outcome
        Videos that were encoded now, and those that were decoded in part.

    Raises
    ------
    UserError
        If the network cannot be built, has other channels, or videos cannot be encoded.
    """
    network = settings.network
    parts = Parts(f"{features}.parts", digest)
    todo = [(video, path) for video, path in videos if parts.read(video, path) is None]
    sources = dict(videos)
    if todo:
        built = faster(
            build_network(network, settings.device, settings.threads), settings.encoding, settings.device
        )
        encoder = Encoder(built, network, settings.encoding, settings.device)
        files = ((video, path if flow is None else flow[video]) for video, path in progress(todo, len(todo)))
        source = ClipSource(network, stored=flow is not None, threads=min(processes, 1))
        waiting = 2 * settings.encoding.batch_size
        for encoded in encoder.encode(events_of(source, files, min(processes, len(todo)), waiting)):
            _check(encoded, settings.channels, network)
            parts.write(encoded, sources[encoded.video])
    if scores is not None:
        classes = [] if network.model.classes is None else network_classes(network.model.classes)
        kept = _kept(parts, videos) if classes else ()
        logits = ((one.video, one.logits.mean(axis=0)) for one in kept if one.logits is not None)
        write_video_scores(scores, logits, classes)
    partial: list[str] = []
    write_encoded(features, (_row(one, partial) for one in _kept(parts, videos)))
    parts.remove()
    return Outcome(len(todo), partial)


def _row(one: EncodedVideo, partial: list[str]) -> tuple[str, np.ndarray, dict[str, float]]:
    """Return what is stored of a video, and note whether a part of it is missing."""
    if one.coverage < WHOLE:
        partial.append(
            f"{one.video}: only {100 * one.coverage:.1f} % of {one.seconds:.1f} s could be decoded; its last "
            "snippet is repeated to the end"
        )
    return one.video, one.features, one.attributes


def _kept(parts: Parts, videos: Iterable[Video]) -> Iterable[EncodedVideo]:
    for video, path in videos:
        encoded = parts.read(video, path)
        if encoded is None:
            raise UserError(f"{parts.folder}: {video} was removed during the run; run again")
        yield encoded


def _check(encoded: EncodedVideo, channels: int | None, network: NetworkSettings) -> None:
    """Refuse a network whose output is not as declared."""
    name, count = network.model.name or network.model.weights, encoded.features.shape[1]
    if channels is not None and count != channels:
        raise UserError(
            f"the network {name} returns {count} channels, but the sheet declares {channels}; correct the "
            "column `channels`"
        )
    classes = network.model.classes
    if classes is None:
        return
    expected, logits = len(network_classes(classes)), encoded.logits
    if logits is None or logits.shape[1] != expected:
        count = 0 if logits is None else logits.shape[1]
        raise UserError(f"{classes}: {expected} classes, but the network {name} returns {count} logits")
