"""Check features and class scores of new videos, and bring them into the form that a bundle reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bsnpp.bundle.manifest import Manifest
from bsnpp.bundle.parts import Stream
from bsnpp.classification.logits import probabilities_to_logits
from bsnpp.core.errors import Faults, UserError
from bsnpp.core.wording import counted
from bsnpp.features.importers import join_streams
from bsnpp.features.streams import first_axis_of, one_snippet_per_stride
from bsnpp.windows.recordings import fits, one_rate
from bsnpp.windows.settings import WindowSettings
from bsnpp.windows.snippet_settings import SnippetSettings

Features = np.ndarray | Mapping[str, np.ndarray]
"""Features of an encoder: (t, C) or (C, t) of its only stream, or of each stream by name."""


@dataclass(frozen=True)
class NewVideo:
    """A video to detect actions in. `Bundle.video` makes one of arrays.

    Attributes
    ----------
    video : str
        Id without `v_`.
    duration : float
        Length of the video [s].
    extent : float
        Seconds that its features cover: usually the duration.
    sequences : mapping of str to np.ndarray
        Snippet features of each reading of the bundle (`reading_name`), streams joined: float32 (t, C).
    logits : mapping of str to np.ndarray
        Log-probabilities of the classes by each outside classifier, up to a constant: float64 (K,).
    """

    video: str
    duration: float
    extent: float
    sequences: Mapping[str, np.ndarray]
    logits: Mapping[str, np.ndarray]


def reading_name(encoders: Sequence[str]) -> str:
    """Return the name of the features of encoders side by side: one encoder has its own name."""
    return "+".join(encoders)


def stream_arrays(
    features: np.ndarray | Mapping[str, Features], manifest: Manifest
) -> dict[str, list[np.ndarray]]:
    """Check the features of a video, given as arrays.

    Parameters
    ----------
    features : np.ndarray or mapping
        Features of each encoder by name; with one encoder of one stream, also its array alone.
    manifest : Manifest
        Names the encoders and their streams.

    Returns
    -------
    dict of str to list of np.ndarray
        float32 (t, C) of each stream of each used encoder.

    Raises
    ------
    UserError
        With every encoder or stream that is missing, unknown or invalid.
    """
    names = manifest.used_encoders
    if len(names) == 1 and isinstance(features, np.ndarray):
        features = {names[0]: features}
    if not isinstance(features, Mapping):
        raise UserError(f"features must be given for each encoder by name: {', '.join(names)}")
    faults = Faults("features that cannot be used")
    unknown = sorted(set(features) - set(manifest.encoders))
    faults.extend(f"{name}: unknown; the bundle reads {', '.join(names)}" for name in unknown)
    faults.extend(f"{name}: missing" for name in names if name not in features)
    arrays = {}
    for name in names:
        if name in features:
            try:
                arrays[name] = _arrays(features[name], manifest.encoders[name])
            except UserError as error:
                faults.add(f"{name}: {error}")
    faults.raise_if_any()
    return arrays


def _arrays(features: Features, streams: Sequence[Stream]) -> list[np.ndarray]:
    """Return the streams of one encoder."""
    if not isinstance(features, Mapping):
        if len(streams) > 1:
            names = ", ".join(stream.name for stream in streams)
            raise UserError(f"must be given for each stream by name: {names}")
        features = {streams[0].name: features}
    expected = {stream.name for stream in streams}
    if set(features) != expected:
        raise UserError(f"streams {sorted(features)} given, {sorted(expected)} expected")
    return [_sequence(features[stream.name], stream) for stream in streams]


def _sequence(array: np.ndarray, stream: Stream) -> np.ndarray:
    """Check the array of a stream; a square one has time first, unless the stream says otherwise."""
    array = np.asarray(array)
    first = first_axis_of(array, stream.channels)
    time_first = (stream.first_axis or first or "time") == "time"
    sequence = np.ascontiguousarray(array if time_first else array.T, dtype=np.float32)
    if not np.isfinite(sequence).all():
        raise UserError(f"stream {stream.name}: NaN or infinite values")
    return one_snippet_per_stride(sequence, stream.clip)


def joined_sequences(
    arrays: Mapping[str, Sequence[np.ndarray]], manifest: Manifest, extent: float
) -> dict[str, np.ndarray]:
    """Join the streams of a video as each part of a bundle reads them.

    Parameters
    ----------
    arrays : mapping of str to sequence of np.ndarray
        float32 (t, C) of each stream of each used encoder.
    manifest : Manifest
        Names what is read side by side.
    extent : float
        Seconds that the features cover.

    Returns
    -------
    dict of str to np.ndarray
        float32 (t, C) by `reading_name`.

    Raises
    ------
    UserError
        With every reading whose streams differ in length, or do not fit the length of a recording.
    """
    faults = Faults("features that cannot be used")
    sequences = {}
    for encoders in manifest.readings:
        name = reading_name(encoders)
        try:
            sequences[name] = _joined({one: arrays[one] for one in encoders}, manifest.windows, extent)
        except UserError as error:
            faults.add(f"{name}: {error}")
    faults.raise_if_any()
    return sequences


def _joined(
    arrays: Mapping[str, Sequence[np.ndarray]], windows: WindowSettings | None, extent: float
) -> np.ndarray:
    """Join the streams of encoders; see `bsnpp.snippets.inputs.read_encoders` for mixed rates."""
    if windows is not None and windows.snippets.mixed_rates:
        parts = [
            _of_recording(join_streams(streams), extent, windows.snippets) for streams in arrays.values()
        ]
        return np.concatenate(parts, axis=1)
    sequence = join_streams([array for streams in arrays.values() for array in streams])
    return sequence if windows is None else _of_recording(sequence, extent, windows.snippets)


def _of_recording(sequence: np.ndarray, extent: float, settings: SnippetSettings) -> np.ndarray:
    """Check the number of snippets of a recording, and bring them to the common stride."""
    if not fits(len(sequence), extent, settings):
        covered, snippets = len(sequence) * settings.snippet_seconds, counted(len(sequence), "snippet")
        raise UserError(
            f"the features cover {covered:.1f} s ({snippets} of {settings.snippet_seconds:g} s), but the "
            f"recording lasts {extent:.1f} s; correct its duration or its features"
        )
    return one_rate(sequence, extent, settings)


def outside_logits(scores: Mapping[str, np.ndarray], manifest: Manifest) -> dict[str, np.ndarray]:
    """Check the scores of outside classifiers for one video, and turn them into logits.

    Parameters
    ----------
    scores : mapping of str to np.ndarray
        Scores (K,) by classifier, in the order of the manifest's classes: logits or probabilities, as the
        manifest says.
    manifest : Manifest
        Names the classifiers and the classes.

    Returns
    -------
    dict of str to np.ndarray
        float64 (K,) of each outside classifier.

    Raises
    ------
    UserError
        With every classifier that is missing or unknown, and scores that are not usable.
    """
    faults = Faults("class scores that cannot be used")
    kinds = {member.name: member.scores for member in manifest.outside}
    faults.extend(f"{name}: not a classifier of the bundle" for name in scores if name not in kinds)
    faults.extend(f"{name}: missing" for name in kinds if name not in scores)
    logits = {}
    for name in kinds:
        if name in scores:
            values = np.asarray(scores[name], dtype=np.float64)
            faults.extend(f"{name}: {fault}" for fault in _score_faults(values, kinds[name], manifest))
            logits[name] = probabilities_to_logits(values) if kinds[name] == "probabilities" else values
    faults.raise_if_any()
    return logits


def _score_faults(values: np.ndarray, kind: str, manifest: Manifest) -> list[str]:
    if values.shape != (len(manifest.classes),):
        return [f"scores of shape {values.shape}, expected ({len(manifest.classes)},), one for each class"]
    if not np.isfinite(values).all():
        return ["scores that are not finite"]
    return ["negative probabilities"] if kind == "probabilities" and (values < 0).any() else []
