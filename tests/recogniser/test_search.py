"""Cross-validation of the recogniser: no recording is scored by a recogniser trained on its fold."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bsnpp.detection.labelling_settings import LabellingSettings
from bsnpp.detection.suppression.settings import NMSSettings
from bsnpp.evaluation.choice import choose_plainest
from bsnpp.recogniser import search as recogniser_search
from bsnpp.recogniser.recordings import Recording
from bsnpp.recogniser.search import (
    TrainingSet,
    cross_validate,
    fold_scores,
    recognise_held_out,
    search_table,
)
from bsnpp.recogniser.settings import DenseSettings, RecognitionCandidates, RecognitionSettings
from bsnpp.snippets.estimator_settings import EstimatorSettings
from tests.recogniser.recordings import world

SETTINGS = RecognitionSettings.model_validate(
    {"refined": 60, "copies": 2, "windows": 4, "edge_snippets": 2, "candidates": {"refine": [False, True]}}
).model_copy(
    update={
        "estimator": EstimatorSettings(trees=5, epochs=5),
        "dense": DenseSettings(shortest=2.0, longest=12.0, ratio=1.5),
    }
)
DETECTION = LabellingSettings(classes_per_video=1, nms=NMSSettings(sigma=0.4))
FOLDS = [["r0", "r1"], ["r2", "r3"]]


def training_set() -> TrainingSet:
    truth = world(0, 4)[1]
    rows = [
        (video, start, end, "ab"[label])
        for video, each in truth.items()
        for (start, end), label in zip(each.segments.tolist(), each.labels.tolist(), strict=True)
    ]
    instances = pd.DataFrame(rows, columns=["video", "start", "end", "label"])
    return TrainingSet(instances, FOLDS, ["a", "b"], None, 0.5)


def test_no_recording_is_recognised_by_a_recogniser_trained_on_its_fold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []
    original = recogniser_search.train_recogniser

    def remember(recordings, *arguments):  # type: ignore[no-untyped-def]
        seen.append(sorted(recordings))
        return original(recordings, *arguments)

    monkeypatch.setattr(recogniser_search, "train_recogniser", remember)
    data = training_set()
    held_out = recognise_held_out(data, world(0, 4)[0], SETTINGS, 0)
    assert seen == [FOLDS[1], FOLDS[0]]
    assert sorted(held_out.plain) == sorted(held_out.refined) == ["r0", "r1", "r2", "r3"]
    scores = np.array(
        [fold_scores(data, held_out, each, DETECTION, [0.3, 0.5]) for each in SETTINGS.alternatives]
    )
    read = [world(0, 4)[0]]
    again = cross_validate(data, lambda encoders: read.pop(), SETTINGS, DETECTION, [0.3, 0.5], 0)
    np.testing.assert_array_equal(again, scores)
    assert not read, "features are read once"
    assert scores.shape == (2, 2) and (scores > 0.1).all() and (scores <= 1).all()
    table = search_table(SETTINGS.alternatives, scores)
    assert table["refine"].tolist() == [False, True] and table["chosen"].sum() == 1
    np.testing.assert_allclose(table["mean"], 100 * scores.mean(axis=1))


@pytest.mark.parametrize("folds", [[["r0"]], [["r0"], ["empty"]]])
def test_without_two_folds_to_compare_the_plainest_settings_are_chosen(folds: list[list[str]]) -> None:
    recordings = dict(zip([name for fold in folds for name in fold], world(0, 2)[0].values(), strict=False))
    data = training_set()
    data = replace(data, instances=data.instances[data.instances["video"] == "r0"], folds=folds)
    with pytest.warns(UserWarning, match="fewer than two folds of training recordings have instances"):
        scores = cross_validate(data, lambda encoders: recordings, SETTINGS, DETECTION, [0.3, 0.5], 0)
    assert choose_plainest(scores) == 0
    table = search_table(SETTINGS.alternatives, scores)
    assert table["chosen"].tolist() == [True, False] and table["spread"].tolist() == [0.0, 0.0]


def test_a_single_alternative_is_chosen_without_any_training() -> None:
    alone = SETTINGS.model_copy(update={"candidates": RecognitionCandidates()})

    def refuse(encoders: Sequence[str]) -> dict[str, Recording]:
        raise AssertionError("no features are needed")

    scores = cross_validate(training_set(), refuse, alone, DETECTION, [0.3, 0.5], 0)
    assert choose_plainest(scores) == 0
    table = search_table(alone.alternatives, scores)
    assert table["chosen"].tolist() == [True] and table[["mean", "spread"]].isna().all(axis=None)
