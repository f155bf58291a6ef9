"""The choice of the recogniser's settings: nobody is judged by what saw him, and plain settings win ties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bsnpp.detection.settings import DetectionSettings, NMSSettings
from bsnpp.recogniser import search as recogniser_search
from bsnpp.recogniser.search import TrainingSet, choose, fold_scores, recognise_held_out, search_table
from bsnpp.recogniser.settings import DenseSettings, RecognitionSettings
from bsnpp.snippets.estimator_settings import EstimatorSettings
from tests.recogniser.test_recogniser import world

SETTINGS = RecognitionSettings.model_validate(
    {"refined": 60, "copies": 2, "windows": 4, "edge_snippets": 2, "candidates": {"refine": [False, True]}}
).model_copy(
    update={
        "estimator": EstimatorSettings(trees=5, epochs=5),
        "dense": DenseSettings(shortest=2.0, longest=12.0, ratio=1.5),
    }
)
DETECTION = DetectionSettings(classes_per_video=1, nms=NMSSettings(sigma=0.4))
FOLDS = [["r0", "r1"], ["r2", "r3"]]


def training_set() -> TrainingSet:
    truth = world(0, 4)[1]
    rows = [
        (video, start, end, "ab"[label])
        for video, each in truth.items()
        for (start, end), label in zip(each.segments.tolist(), each.labels.tolist(), strict=True)
    ]
    instances = pd.DataFrame(rows, columns=["video", "start", "end", "label"])
    return TrainingSet(instances, truth, FOLDS, ["a", "b"], None, 0.5)


def test_no_recording_is_recognised_by_what_saw_its_part(monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert scores.shape == (2, 2) and (scores > 0.1).all() and (scores <= 1).all()
    table = search_table(SETTINGS.alternatives, scores)
    assert table["refine"].tolist() == [False, True] and table["chosen"].sum() == 1
    np.testing.assert_allclose(table["mean"], 100 * scores.mean(axis=1))


def test_the_plainest_of_equally_good_ones_is_chosen() -> None:
    hard_folds = np.array([0.9, 0.5, 0.7])
    assert choose(np.array([hard_folds - 0.1, hard_folds - [0.02, -0.02, 0.01], hard_folds])) == 1
    assert choose(np.array([hard_folds - 0.1, hard_folds])) == 1, "folds that are hard for all count nothing"
    assert choose(np.array([hard_folds, hard_folds])) == 0


@given(arrays(np.float64, (5, 4), elements=st.floats(0, 1)))
def test_the_choice_is_no_worse_than_its_error(scores: np.ndarray) -> None:
    chosen, best = choose(scores), scores.mean(axis=1).argmax()
    assert chosen <= best
    difference = scores[best] - scores[chosen]
    assert difference.mean() <= difference.std(ddof=1) / 2 + 1e-12
