"""Writes the HAPT recordings in public layouts: annotations, persons, and features of every encoder."""

import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bsnpp.core.files import whole_file
from bsnpp.datasets.hapt.encoders import fit_encoder
from bsnpp.datasets.hapt.recordings import HaptData, Segment, read_hapt
from bsnpp.datasets.hapt.settings import ENCODERS, STREAMS, HaptSettings

Job = tuple[str, str]  # encoder, stream


def prepare(
    zip_path: str | Path,
    settings: HaptSettings,
    seed: int,
    folder: str | Path,
    progress: Callable[[Sequence[Job]], Iterable[Job]] = iter,
) -> None:
    """Write everything that the chain reads of the recordings.

    `annotations.json` (ActivityNet layout, a video per recording, subsets by person), `persons.tsv` (video,
    person) and `features/{encoder}/{accelerometer|gyroscope}/{id}.npy`, float32 (t, C): snippet k is centred
    at (k + 0.5) x `snippet_seconds`. Everything that is learned is learned on the training persons.

    Parameters
    ----------
    zip_path
        UCI data set 341, never extracted.
    settings, seed
        The same two and the same zip give the same bytes.
    folder
        Where to write; made if it is missing. What else lies there stays.
    progress
        Wraps the loop over encoders and streams, for a progress bar.

    Raises
    ------
    UserError
        If it is no such zip, with all faults, before anything is written; if the folder cannot be written.
    """
    folder = Path(folder)
    data = read_hapt(zip_path, settings.validation_persons)
    for encoder, stream in progress(list(itertools.product(ENCODERS, STREAMS))):
        training = {one.video: one.streams[stream] for one in data.subset("training")}
        fitted = fit_encoder(encoder, settings, [seed, STREAMS.index(stream)], training)
        for one in data.recordings:
            path = folder / "features" / encoder / stream / f"{one.video}.npy"
            with whole_file(path) as temporary, temporary.open("wb") as file:
                np.save(file, fitted.encode(one.streams[stream]), allow_pickle=False)
    with whole_file(folder / "persons.tsv") as temporary:
        lines = ["video\tperson", *(f"{one.video}\t{one.person}" for one in data.recordings)]
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with whole_file(folder / "annotations.json") as temporary:
        temporary.write_text(json.dumps(_annotations(data), indent=1) + "\n", encoding="utf-8")


def _annotations(data: HaptData) -> dict[str, Any]:
    """The ActivityNet layout."""
    database = {
        one.video: {
            "duration": one.duration,
            "subset": data.split.split_of(one.person),
            "resolution": "",
            "url": "",
            "annotations": [_annotation(segment) for segment in one.segments],
        }
        for one in data.recordings
    }
    taxonomy = [
        {"nodeId": number, "nodeName": label, "parentName": "Root"}
        for number, label in enumerate(data.labels)
    ]
    return {"version": "UCI data set 341 (HAPT)", "taxonomy": taxonomy, "database": database}


def _annotation(segment: Segment) -> dict[str, Any]:
    return {"segment": [segment.start, segment.end], "label": segment.label}
