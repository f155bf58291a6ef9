"""Write the HAPT recordings in public layouts: annotations, persons, and features of every encoder."""

import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bsnpp.core.files import whole_file
from bsnpp.datasets.hapt.data import HaptData, Segment
from bsnpp.datasets.hapt.encoders import fit_encoder
from bsnpp.datasets.hapt.recordings import read_hapt
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

    These are `annotations.json` (ActivityNet layout, one video per recording, subsets by person),
    `persons.tsv` (video, person) and `features/{encoder}/{accelerometer|gyroscope}/{id}.npy`, float32 (t, C);
    snippet k is centred at (k + 0.5) x `snippet_seconds`. Encoders are fitted on the training persons alone.

    Parameters
    ----------
    zip_path : str or Path
        UCI data set 341; it is not extracted.
    settings : HaptSettings
    seed : int
        The same settings, seed and zip file give the same bytes.
    folder : str or Path
        Folder to write to; created if it is missing. Other files in it are kept.
    progress : callable
        Wraps the loop over encoders and streams, for a progress bar.

    Raises
    ------
    UserError
        With all faults of the zip file, before anything is written; or if the folder cannot be written.
    """
    folder = Path(folder)
    data = read_hapt(zip_path, settings.validation_persons, settings.test_person)
    for encoder, stream in progress(list(itertools.product(ENCODERS, STREAMS))):
        training = {recording.video: recording.streams[stream] for recording in data.subset("training")}
        fitted = fit_encoder(encoder, settings, [seed, STREAMS.index(stream)], training)
        for recording in data.recordings:
            path = folder / "features" / encoder / stream / f"{recording.video}.npy"
            with whole_file(path) as temporary, temporary.open("wb") as file:
                np.save(file, fitted.encode(recording.streams[stream]), allow_pickle=False)
    with whole_file(folder / "persons.tsv") as temporary:
        rows = [f"{recording.video}\t{recording.person}" for recording in data.recordings]
        temporary.write_text("\n".join(["video\tperson", *rows]) + "\n", encoding="utf-8")
    with whole_file(folder / "annotations.json") as temporary:
        temporary.write_text(json.dumps(_annotations(data), indent=1) + "\n", encoding="utf-8")


def _annotations(data: HaptData) -> dict[str, Any]:
    """Return the annotations in ActivityNet layout."""
    database = {
        recording.video: {
            "duration": recording.duration,
            "subset": data.split.subset_of(recording.person),
            "resolution": "",
            "url": "",
            "annotations": [_annotation(segment) for segment in recording.segments],
        }
        for recording in data.recordings
    }
    taxonomy = [
        {"nodeId": number, "nodeName": label, "parentName": "Root"}
        for number, label in enumerate(data.labels)
    ]
    return {"version": "UCI data set 341 (HAPT)", "taxonomy": taxonomy, "database": database}


def _annotation(segment: Segment) -> dict[str, Any]:
    return {"segment": [segment.start, segment.end], "label": segment.label}
