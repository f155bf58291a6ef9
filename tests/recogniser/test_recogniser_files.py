"""Files of recognisers."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load, save

from bsnpp.core.calibration import UNCHANGED, Calibration
from bsnpp.core.errors import UserError
from bsnpp.core.weight_files import metadata_of
from bsnpp.recogniser.recogniser import Recogniser, train_recogniser
from bsnpp.recogniser.recogniser_files import parse_recogniser, save_recogniser
from bsnpp.recogniser.segments import dense_segments
from bsnpp.snippets.semi_markov_settings import SemiMarkovSettings
from tests.recogniser.recordings import SECONDS, SETTINGS, world


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    trained = train_recogniser(*world(0, 6), ["run", "walk"], SECONDS, SETTINGS, 0)
    return replace(trained, calibration=Calibration(np.array([0.1, 0.7]), np.array([0.3, 0.9])))


@pytest.fixture(scope="module")
def stored(recogniser: Recogniser, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("stored") / "one.safetensors"
    save_recogniser(path, recogniser)
    return path.read_bytes()


def test_a_recogniser_read_back_gives_the_same_bits(recogniser: Recogniser, stored: bytes) -> None:
    read, channels = parse_recogniser(stored, "one")
    assert (read.classes, channels, read.snippet_seconds) == (["run", "walk"], 4, SECONDS)
    assert read.settings == recogniser.settings
    scores = np.linspace(0.0, 1.0, 11)
    np.testing.assert_array_equal(read.calibration(scores), recogniser.calibration(scores))
    for recording in world(1, 3)[0].values():
        segments = dense_segments(60.0, SETTINGS.dense)
        ours, theirs = read.score(recording, segments), recogniser.score(recording, segments)
        for name in ("rows", "segments", "probability", "tiou"):
            np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))


def test_the_same_recogniser_gives_the_same_bytes(
    recogniser: Recogniser, stored: bytes, tmp_path: Path
) -> None:
    save_recogniser(tmp_path / "again.safetensors", recogniser)
    assert (tmp_path / "again.safetensors").read_bytes() == stored


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content: content.update(channels=5), "another width"),
        (lambda content: content.update(classes=["run"]), "labels that are not"),
        (lambda content: content["settings"].update(edge_snippets=4), "another width"),
        (lambda content: content["settings"].update(refined=0), "refined"),
        (lambda content: content["estimators"].pop("offsets.1"), "estimators are missing"),
        (
            lambda content: content["estimators"].update({"overlaps.0": ["pickle"]}),
            "unknown steps: pickle",
        ),
    ],
)
def test_a_damaged_file_is_refused(stored: bytes, change: Callable[[Any], object], words: str) -> None:
    content = json.loads(metadata_of(stored)["content"])
    change(content)
    data = save(load(stored), metadata={"content": json.dumps(content)})
    with pytest.raises(UserError, match=rf"(?s)^one: .*{words}"):
        parse_recogniser(data, "one")


def test_recognisers_of_earlier_versions_have_no_calibration(stored: bytes) -> None:
    content = json.loads(metadata_of(stored)["content"])
    del content["calibration"]
    data = save(load(stored), metadata={"content": json.dumps(content)})
    assert parse_recogniser(data, "one")[0].calibration is UNCHANGED


def test_the_semi_markov_model_reads_back_and_must_be_there(tmp_path: Path) -> None:
    settings = SETTINGS.model_copy(update={"panel": "all", "sequence": SemiMarkovSettings(longest=30.0)})
    recogniser = train_recogniser(*world(0, 6), ["run", "walk"], SECONDS, settings, 0)
    save_recogniser(tmp_path / "one.safetensors", recogniser)
    data = (tmp_path / "one.safetensors").read_bytes()
    read, _ = parse_recogniser(data, "one")
    assert recogniser.sequence is not None and read.sequence is not None
    assert read.sequence.as_lists() == recogniser.sequence.as_lists()
    assert read.sequence.settings == recogniser.sequence.settings
    content = json.loads(metadata_of(data)["content"])
    for sequence, words in ((None, "is missing"), ({**content["sequence"], "prior": [1.0]}, "prior of the")):
        changed = {**content, "sequence": sequence}
        with pytest.raises(UserError, match=rf"(?s)^one: .*{words}"):
            parse_recogniser(save(load(data), metadata={"content": json.dumps(changed)}), "one")
