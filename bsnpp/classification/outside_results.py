"""Read the video-level results of outside classifiers, in both public layouts (conventions, section 1)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from bsnpp.classification.logits import probabilities_to_logits, unseen_logit
from bsnpp.core.checksum_forms import TEXT
from bsnpp.core.checksums import verify
from bsnpp.core.errors import Faults, UserError
from bsnpp.core.files import read_text
from bsnpp.core.json_text import is_number, load_json
from bsnpp.core.near_names import hint, near_names
from bsnpp.core.wording import counted
from bsnpp.stores.class_scores import ClassScores

Kind = Literal["logits", "probabilities"]
EXPECTED = 'the results of a classifier, {"results": {video: ...}}'
LARGEST = 1e300
"""Largest score that is accepted; sums of larger ones may overflow. Infinity and NaN are refused too."""


def read_scores(path: str | Path, classes: Sequence[str], videos: Sequence[str], kind: Kind) -> ClassScores:
    """Read the scores of a classifier for the given videos.

    Supported layouts: `{"results": {id: [K numbers]}, "class": [K names]}` (CUHK; the key may be `classes`),
    and `{"results": {id: [{"label", "score"}, ...]}}`, where unlisted labels get the floor of `unseen_logit`,
    or probability 0. Ids may begin with `v_`. Other videos are ignored. Classes are matched by name, because
    their order differs from file to file.

    Parameters
    ----------
    path : str or Path
        A JSON file.
    classes : sequence of str
        The K classes of the challenge.
    videos : sequence of str
        N ids without `v_`.
    kind : {"logits", "probabilities"}
        Meaning of the numbers; probabilities (not negative, any sum) become log(max(p, 1e-8)).

    Returns
    -------
    ClassScores
        Logits in the order of `videos` and `classes`.

    Raises
    ------
    UserError
        Lists every missing video, unknown or missing class, row of wrong length, and number that is not
        finite (or negative, for probabilities). Also if logits are expected but the file holds probabilities.
    """
    content = _load(Path(path))
    faults = Faults(
        f"{path}: the results do not match the challenge",
        "Expected: a row for every video of the subset, and exactly the classes of the annotations.",
    )
    rows: dict[str, Any] = {}
    for key, row in content["results"].items():
        if rows.setdefault(key.removeprefix("v_"), row) is not row:
            faults.add(f"video {key.removeprefix('v_')}: listed both with and without `v_`")
    names = content.get("class", content.get("classes", []))
    columns = _columns(names, classes, faults) if names else None
    allowed = frozenset(classes)
    values = np.zeros((len(videos), len(classes)))
    near = near_names([video for video in videos if video not in rows], content["results"])
    for index, video in enumerate(videos):
        if video not in rows:
            faults.add(f"video {video}: missing{hint(video, near)}")
        elif columns is None:
            values[index] = _listed(video, rows[video], classes, allowed, kind, faults)
        else:
            values[index] = _row(video, rows[video], columns, len(names), kind, faults)
    if kind == "logits" and columns is not None and len(values) and _are_probabilities(values):
        faults.add("every row lies in [0, 1] and sums to 1; set the column `scores` to `probabilities`")
    if kind == "logits" and columns is None and _lists_probabilities([rows.get(video) for video in videos]):
        faults.add(
            "the scores of every list lie in [0, 1] and sum to at most 1; set the column `scores` to "
            "`probabilities`"
        )
    faults.raise_if_any()
    logits = probabilities_to_logits(values) if kind == "probabilities" else values
    return ClassScores(list(videos), list(classes), logits)


def _are_probabilities(values: np.ndarray) -> bool:
    return bool((values >= 0).all() and np.allclose(values.sum(axis=1), 1, rtol=0, atol=1e-3))


def _lists_probabilities(rows: list[Any]) -> bool:
    """Return whether the valid lists of labels hold the largest probabilities of their videos."""
    lists = [[entry.get("score") for entry in row] for row in rows if _is_list_of_scores(row)]
    return bool(lists) and all(
        all(isinstance(score, int | float) and 0 <= score <= 1 for score in scores) and sum(scores) <= 1.001
        for scores in lists
    )


def _is_list_of_scores(row: Any) -> bool:
    return isinstance(row, list) and len(row) > 0 and all(isinstance(entry, dict) for entry in row)


def _load(path: Path) -> dict[str, Any]:
    """Load the file and check that it has `results` by id."""
    text = read_text(path, EXPECTED)
    verify(path, TEXT, required=False)  # of `bsnpp encode`
    content = load_json(path, text, EXPECTED)
    if not isinstance(content, dict) or not isinstance(content.get("results"), dict):
        raise UserError(f'{path}: no key "results" with results by video id: {{"results": {{id: ...}}}}')
    names = content.get("class", content.get("classes", []))
    if {"class", "classes"} <= content.keys() and content["class"] != content["classes"]:
        raise UserError(f'{path}: "class" and "classes" differ; remove the one that is wrong')
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UserError(f'{path}: "class" is not a list of names')
    return content


def _columns(names: list[str], classes: Sequence[str], faults: Faults) -> list[int]:
    """Return the column of each class of the challenge in the rows of the file (0 if it is missing)."""
    place = {name: index for index, name in enumerate(names)}
    known = set(classes)
    if len(place) < len(names):
        faults.extend(f"class {name!r}: listed twice" for name in place if names.count(name) > 1)
    faults.extend(f"class {name!r}: not a class of the challenge" for name in place if name not in known)
    faults.extend(f"class {name!r}: missing" for name in classes if name not in place)
    return [place.get(name, 0) for name in classes]


def _row(video: str, row: Any, columns: list[int], length: int, kind: Kind, faults: Faults) -> np.ndarray:
    """Return a row of the CUHK layout in the order of the challenge; zeros if it is faulty."""
    blank = np.zeros(len(columns))
    if not isinstance(row, list) or len(row) != length:
        given = counted(len(row), "number") if isinstance(row, list) else repr(row)
        faults.add(f"video {video}: {given} for {length} classes")
        return blank
    return np.asarray(row, dtype=float)[columns] if _valid(video, row, kind, faults) else blank


def _listed(
    video: str, row: Any, classes: Sequence[str], allowed: frozenset[str], kind: Kind, faults: Faults
) -> np.ndarray:
    """Return the scores of a list of labels in the order of the challenge; zeros if it is faulty."""
    blank = np.zeros(len(classes))
    entries = row if isinstance(row, list) else []
    if not entries or not all(
        isinstance(entry, dict) and {"label", "score"} <= set(entry) for entry in entries
    ):
        faults.add(f'video {video}: not a list of {{"label", "score"}}; is the key "class" missing?')
        return blank
    labels, scores = [entry["label"] for entry in entries], [entry["score"] for entry in entries]
    unknown = [label for label in labels if not isinstance(label, str) or label not in allowed]
    faults.extend(f"video {video}: class {label!r} is not a class of the challenge" for label in unknown)
    repeated = not unknown and len(set(labels)) < len(labels)
    if repeated:
        faults.add(f"video {video}: a label is listed twice")
    if unknown or repeated or not _valid(video, scores, kind, faults):
        return blank
    floor = 0.0 if kind == "probabilities" else float(unseen_logit(np.asarray(scores, dtype=float)))
    known = dict(zip(labels, scores, strict=True))
    return np.array([known.get(name, floor) for name in classes], dtype=float)


def _valid(video: str, row: list[Any], kind: Kind, faults: Faults) -> bool:
    """Check that every number of a row is finite, and not negative for probabilities."""
    if not all(is_number(value) and abs(value) <= LARGEST for value in row):
        faults.add(f"video {video}: a score is not a finite number")
        return False
    if kind == "probabilities" and min(row) < 0:
        faults.add(f"video {video}: a negative probability ({min(row):.4g}); are these logits?")
        return False
    return True
