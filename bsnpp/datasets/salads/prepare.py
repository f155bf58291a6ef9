"""Write 50 Salads in public layouts: annotations, persons, and the scores of every network as features."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from bsnpp.core.files import whole_file
from bsnpp.datasets.salads.repository import Salads, Video, read_salads
from bsnpp.datasets.salads.settings import NETWORKS, SaladsSettings

STREAM = "scores"
"""Name of the one stream of each network."""


def prepare(source: str | Path, settings: SaladsSettings, folder: str | Path) -> None:
    """Write everything that the chain reads of the videos.

    `annotations.json` (ActivityNet layout, subsets by fold; time 0 is the start of the first action),
    `persons.tsv` (video, person) and `features/{network}/scores/{video}.npy`: float32 (t, 18), the network's
    scores of background and of the 17 actions, spread over the video's duration.

    Parameters
    ----------
    source : str or Path
        Clone of the public repository.
    settings : SaladsSettings
        Folds of the subsets, and how parts of an action are joined.
    folder : str or Path
        Where to write; made if it is missing.

    Raises
    ------
    UserError
        If the source is no such clone, with every fault, before anything is written; or the folder cannot be
        written.
    """
    folder = Path(folder)
    salads = read_salads(source, settings.join_seconds)
    for video in salads.videos:
        for network in NETWORKS:
            path = folder / "features" / network / STREAM / f"{video.name}.npy"
            with whole_file(path) as temporary, temporary.open("wb") as file:
                np.save(file, video.scores[network], allow_pickle=False)
    with whole_file(folder / "persons.tsv") as temporary:
        lines = ["video\tperson", *(f"{video.name}\tperson{video.person}" for video in salads.videos)]
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with whole_file(folder / "annotations.json") as temporary:
        temporary.write_text(json.dumps(_annotations(salads, settings), indent=1) + "\n", encoding="utf-8")


def _annotations(salads: Salads, settings: SaladsSettings) -> dict[str, Any]:
    """Return the annotations in the ActivityNet layout."""
    taxonomy = [
        {"nodeId": number, "nodeName": action, "parentName": "Root"}
        for number, action in enumerate(salads.actions)
    ]
    database = {video.name: _entry(video, settings) for video in salads.videos}
    return {"version": "50 Salads, mid-level actions", "taxonomy": taxonomy, "database": database}


def _entry(video: Video, settings: SaladsSettings) -> dict[str, Any]:
    return {
        "duration": video.duration,
        "subset": settings.subset_of(video.fold),
        "resolution": "",
        "url": "",
        "annotations": [{"segment": [one.start, one.end], "label": one.label} for one in video.segments],
    }
