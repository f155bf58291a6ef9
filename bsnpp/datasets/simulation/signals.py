"""Simulate how encoders observe the events of a video."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from bsnpp.datasets.simulation.settings import SimulationSettings
from bsnpp.datasets.simulation.videos import Event, Video

STRIDE = 0.5  # time between two snippets [s]
FINE = 0.125  # time between two points of the latent signal before the blur [s]
EDGE = 1.0  # duration of a visible edge [s]
EMBEDDING = 16
LATENT = 3 + EMBEDDING  # actionness, start, end, class embedding
# Random streams of the world, and of each video (0 is for names, 1 for events, 4 and those from 2000 for
# classifiers). The last one plus the number of the encoder.
WORLD_EMBEDDINGS, WORLD_SHIFT, WORLD_PROJECTIONS = 100, 101, 102
SHARED_NOISE, DISTRACTORS, OWN_NOISE = 2, 3, 1000


@dataclass(frozen=True)
class World:
    """What all videos share.

    Attributes
    ----------
    embeddings, pretraining_embeddings : np.ndarray
        Unit vectors of the classes, (K, 16), in the challenge and in the pre-training set.
    projections : tuple
        For each encoder, the matrices of its two streams from latent components to channels, (19, channels).
    """

    embeddings: np.ndarray
    pretraining_embeddings: np.ndarray
    projections: tuple[tuple[np.ndarray, np.ndarray], ...]


def make_world(settings: SimulationSettings, seed: int) -> World:
    """Draw the class embeddings, and one projection per encoder and stream."""
    embeddings = _unit(
        np.random.default_rng([seed, WORLD_EMBEDDINGS]).normal(size=(settings.classes, EMBEDDING))
    )
    others = _unit(np.random.default_rng([seed, WORLD_SHIFT]).normal(size=(settings.classes, EMBEDDING)))
    shift = settings.pretraining_shift
    rng = np.random.default_rng([seed, WORLD_PROJECTIONS])
    shape = (LATENT, settings.channels)
    # With this factor, a channel has about the variance of one latent component.
    draws = rng.normal(size=(len(settings.encoders), 2, *shape)) / np.sqrt(LATENT)
    projections = tuple((rgb, flow) for rgb, flow in draws)
    mixed = _unit(np.sqrt(1 - shift) * embeddings + np.sqrt(shift) * others)
    return World(embeddings, mixed, projections)


def observe(settings: SimulationSettings, seed: int, world: World, video: Video) -> list[np.ndarray]:
    """Return what each encoder observes of a video in latent space, before its projection.

    The scales of blur and noise are fixed in seconds, not in shares of the video. Therefore short videos
    rescaled to many cells differ from long videos rescaled to few, which is the reason for several scales
    (paper, 5.2 (C)).

    Returns
    -------
    list of np.ndarray
        For each encoder, gain * blurred signal + noise, (snippets, 19). The share `settings.shared_noise` of
        the variance of the noise is common to all encoders.
    """
    snippets = int(np.ceil(video.duration / STRIDE))
    shared = _noise(video.generator(seed, SHARED_NOISE), settings, snippets)
    embeddings = _event_embeddings(world, video, seed)
    shapes = [_event_shapes(event, video.duration) for event in video.events]
    scale = settings.pretraining_gain if video.subset == "pretraining" else 1.0
    seen = []
    for number, encoder in enumerate(settings.encoders):
        weights = [_visibility(settings, number, event) for event in video.events]
        signal = _latent_signal(settings, shapes, embeddings, weights, video.duration)
        own = _noise(video.generator(seed, OWN_NOISE + number), settings, snippets)
        noise = np.sqrt(settings.shared_noise) * shared + np.sqrt(1 - settings.shared_noise) * own
        seen.append(
            scale * encoder.gain * blurred(signal, encoder.blur, snippets) + settings.noise_level * noise
        )
    return seen


def streams(
    latent: np.ndarray, projections: tuple[np.ndarray, np.ndarray], duration: float
) -> list[np.ndarray]:
    """Project what an encoder observes (snippets, 19) to its two streams, float32 (snippets, channels).

    The last RGB clip is padded beyond the end of the video. Flow has no such clip, so it may be one snippet
    shorter, as in public feature sets (conventions 1).
    """
    rgb, flow = (latent @ projection for projection in projections)
    return [rgb.astype(np.float32), flow[: int(duration / STRIDE)].astype(np.float32)]


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def _visibility(settings: SimulationSettings, encoder: int, event: Event) -> float:
    if event.label is None:
        return settings.distractor_actionness
    return 1.0 - settings.blindness if event.label % 3 == encoder % 3 else 1.0


def _event_embeddings(world: World, video: Video, seed: int) -> np.ndarray:
    """Return the class embedding of each event, (events, 16); a distractor has a random direction."""
    known = world.pretraining_embeddings if video.subset == "pretraining" else world.embeddings
    directions = _unit(video.generator(seed, DISTRACTORS).normal(size=(len(video.events), EMBEDDING)))
    for i, event in enumerate(video.events):
        if event.label is not None:
            directions[i] = known[event.label]
    return directions


def _event_shapes(event: Event, duration: float) -> np.ndarray:
    """Return actionness, start and end signal of one event, each at most 1: (3, fine points).

    An edge that is not visible has no edge signal, and actionness changes over half of the event.
    """
    time = np.arange(0.0, duration + FINE, FINE)
    slow = max(0.5 * (event.end - event.start), EDGE)
    rise = np.clip((time - event.start) / (EDGE if event.visible_start else slow) + 0.5, 0, 1)
    fall = np.clip((event.end - time) / (EDGE if event.visible_end else slow) + 0.5, 0, 1)
    start = event.visible_start * np.exp(-0.5 * ((time - event.start) / (EDGE / 2)) ** 2)
    end = event.visible_end * np.exp(-0.5 * ((time - event.end) / (EDGE / 2)) ** 2)
    return np.stack([np.minimum(rise, fall), start, end])


def _latent_signal(
    settings: SimulationSettings,
    shapes: list[np.ndarray],
    embeddings: np.ndarray,
    weights: list[float],
    duration: float,
) -> np.ndarray:
    """Return the weighted sum of all events: (fine points, 19)."""
    time = np.arange(0.0, duration + FINE, FINE)
    signal = np.zeros((len(time), LATENT))
    for shape, embedding, weight in zip(shapes, embeddings, weights, strict=True):
        signal[:, 0] += weight * shape[0]
        signal[:, 1:3] += weight * settings.edge_strength * shape[1:].T
        signal[:, 3:] += weight * settings.class_strength * shape[0][:, None] * embedding
    return signal


def blurred(signal: np.ndarray, blur: float, snippets: int) -> np.ndarray:
    """Average a fine signal over the clip around each snippet centre, as far as it lies inside the video.

    Parameters
    ----------
    signal : np.ndarray
        (fine points, n), a point every `FINE` seconds from the start of the video.
    blur : float
        Length of the clip [s].
    snippets : int
        Number of snippets, `STRIDE` seconds apart.

    Returns
    -------
    np.ndarray
        (snippets, n).
    """
    last = (len(signal) - 1) * FINE
    steps = 0.5 * (signal[1:] + signal[:-1]) * FINE
    integral = np.concatenate([np.zeros((1, signal.shape[1])), np.cumsum(steps, axis=0)])
    centre = (np.arange(snippets) + 0.5) * STRIDE
    first, final = np.clip(centre - blur / 2, 0, last - FINE), np.clip(centre + blur / 2, FINE, last)
    return (_at(integral, final) - _at(integral, first)) / (final - first)[:, None]


def _at(values: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Interpolate (fine points, n) linearly at times [s]."""
    index = np.minimum((time / FINE).astype(int), len(values) - 2)
    part = (time / FINE - index)[:, None]
    return (1 - part) * values[index] + part * values[index + 1]


def _noise(rng: np.random.Generator, settings: SimulationSettings, snippets: int) -> np.ndarray:
    """Draw stationary AR(1) noise of unit variance: (snippets, 19)."""
    keep = np.exp(-STRIDE / settings.noise_seconds)
    shocks = rng.normal(size=(snippets, LATENT))
    # The first value has the stationary variance already.
    shocks[1:] *= np.sqrt(1 - keep**2)
    return np.asarray(lfilter([1.0], [1.0, -keep], shocks, axis=0))
