"""Writes the simulated challenge, in public formats only (conventions, section 1)."""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from bsnpp.core.files import whole_file
from bsnpp.datasets.simulation.classifiers import classify
from bsnpp.datasets.simulation.settings import SimulatedClassifier, SimulatedEncoder, SimulationSettings
from bsnpp.datasets.simulation.signals import make_world, observe, streams
from bsnpp.datasets.simulation.videos import Video, draw_videos

STREAMS = ("rgb", "flow")
CHALLENGE = ("training", "validation", "testing")
CLASS_ORDER = 103  # one more fixed draw beside those of `signals`


def simulate(
    settings: SimulationSettings,
    seed: int,
    folder: str | Path,
    progress: Callable[[Sequence[Video]], Iterable[Video]] = iter,
) -> None:
    """Write the whole challenge: annotations, features of every encoder, and the classifiers' results.

    `annotations.json` (ActivityNet layout, three subsets, annotations for all of them), `pretraining.json`
    (the same layout, one subset `training`), `features/{encoder}/{challenge|pretraining}/{rgb|flow}` (a
    folder of `{id}.npy`, a folder of `v_{id}.csv`, or a file `{rgb|flow}.h5`; a snippet every 0.5 s), and
    `classifiers/{name}.json` (CUHK layout: validation and test).

    Parameters
    ----------
    settings, seed
        The same two give the same bytes.
    folder
        Where to write; made if it is missing. What else lies there stays.
    progress
        Wraps the loop over videos, for a progress bar.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """
    folder = Path(folder)
    challenge = [video for subset in CHALLENGE for video in draw_videos(settings, seed, subset)]
    pretraining = draw_videos(settings, seed, "pretraining")
    names = class_names(settings)
    _write_json(folder / "annotations.json", _annotations(challenge, names))
    _write_json(folder / "pretraining.json", _annotations(pretraining, names))
    scored = [video for video in challenge if video.subset != "training"]
    for classifier in settings.classifiers:
        results = _results(settings, seed, classifier, scored, names)
        _write_json(folder / "classifiers" / f"{classifier.name}.json", results)
    world = make_world(settings, seed)
    with ExitStack() as stack:
        containers = _open_containers(settings, folder / "features", stack)
        for video in progress([*challenge, *pretraining]):
            part = "pretraining" if video.subset == "pretraining" else "challenge"
            latents = observe(settings, seed, world, video)
            for encoder, latent, projections in zip(
                settings.encoders, latents, world.projections, strict=True
            ):
                for stream, rows in zip(STREAMS, streams(latent, projections, video.duration), strict=True):
                    place = folder / "features" / encoder.name / part / stream
                    _write_features(place, encoder, containers, video.name, rows)


def class_names(settings: SimulationSettings) -> list[str]:
    """Return the K class names, in the order of the class indices (which is sorted)."""
    return [f"Activity {number:03d}" for number in range(1, settings.classes + 1)]


def _annotations(videos: list[Video], names: list[str]) -> dict[str, Any]:
    """Return the ActivityNet layout; the pre-training set calls its one subset `training`."""
    database = {
        video.name: {
            "duration": video.duration,
            "subset": "training" if video.subset == "pretraining" else video.subset,
            "resolution": "simulated",
            "url": "",
            "annotations": [
                {"segment": [start, end], "label": names[label]} for start, end, label in video.annotations
            ],
        }
        for video in videos
    }
    taxonomy = [
        {"nodeId": number, "nodeName": name, "parentName": "Root"} for number, name in enumerate(names)
    ]
    return {"version": "VERSION 1.3, simulated by bsnpp", "taxonomy": taxonomy, "database": database}


def _results(
    settings: SimulationSettings,
    seed: int,
    classifier: SimulatedClassifier,
    videos: list[Video],
    names: list[str],
) -> dict[str, Any]:
    """Return the CUHK layout; each classifier has an order of the classes of its own."""
    number = settings.classifiers.index(classifier)
    order = np.random.default_rng([seed, CLASS_ORDER, number]).permutation(settings.classes)
    rows = classify(settings, seed, classifier, videos)[:, order]
    results = {
        video.name: [float(f"{value:.7g}") for value in row] for video, row in zip(videos, rows, strict=True)
    }
    return {"results": results, "class": [names[index] for index in order]}


def _write_json(path: Path, content: dict[str, Any]) -> None:
    with whole_file(path) as temporary:
        temporary.write_text(json.dumps(content), encoding="utf-8")


def _open_containers(settings: SimulationSettings, folder: Path, stack: ExitStack) -> dict[Path, h5py.File]:
    """Open the HDF5 files of the encoders that have such; they take their names when the stack closes."""
    containers = {}
    for encoder in settings.encoders:
        for part in ("challenge", "pretraining"):
            for stream in STREAMS if encoder.container == "h5" else ():
                place = folder / encoder.name / part / stream
                temporary = stack.enter_context(whole_file(place.with_suffix(".h5")))
                containers[place] = stack.enter_context(h5py.File(temporary, "w"))
    return containers


def _write_features(
    place: Path, encoder: SimulatedEncoder, containers: dict[Path, h5py.File], video: str, rows: np.ndarray
) -> None:
    """Write one stream (snippets, channels) of one video into the encoder's container."""
    if encoder.container == "h5":
        containers[place].create_dataset(f"v_{video}", data=rows)
    elif encoder.container == "npy":
        with whole_file(place / f"{video}.npy") as temporary, temporary.open("wb") as file:
            np.save(file, rows, allow_pickle=False)
    else:
        with whole_file(place / f"v_{video}.csv") as temporary:
            line = ",".join(["%.4f"] * rows.shape[1])
            lines = [",".join(f"f{channel}" for channel in range(rows.shape[1]))]
            lines += [line % tuple(row) for row in rows.tolist()]
            temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
