"""Write the simulated challenge in public formats (conventions 1)."""

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
CLASS_ORDER = 103  # random stream, in addition to those of `signals`


def simulate(
    settings: SimulationSettings,
    seed: int,
    folder: str | Path,
    progress: Callable[[Sequence[Video]], Iterable[Video]] = iter,
) -> None:
    """Write annotations, features of every encoder, and results of every classifier.

    These are `annotations.json` (ActivityNet layout, three annotated subsets), `pretraining.json` (the same
    layout, one subset `training`), `features/{encoder}/{challenge|pretraining}/{rgb|flow}` (a folder of
    `{id}.npy`, a folder of `v_{id}.csv`, or a file `{rgb|flow}.h5`, with a snippet every 0.5 s), and
    `classifiers/{name}.json` (CUHK layout, validation and test videos).

    Parameters
    ----------
    settings : SimulationSettings
    seed : int
        The same settings and seed give the same bytes.
    folder : str or Path
        Folder to write to; created if it is missing. Other files in it are kept.
    progress : callable
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
    """Return the names of the K classes in the order of their index, which is sorted."""
    return [f"Activity {number:03d}" for number in range(1, settings.classes + 1)]


def _annotations(videos: list[Video], names: list[str]) -> dict[str, Any]:
    """Return annotations in ActivityNet layout; the only subset of the pre-training set is `training`."""
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
    """Return the results of a classifier in CUHK layout; each classifier has its own order of the classes."""
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
    """Open the HDF5 files of the encoders that use HDF5; they get their names when the stack closes."""
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
    """Write one stream (snippets, channels) of one video in the container of the encoder."""
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
