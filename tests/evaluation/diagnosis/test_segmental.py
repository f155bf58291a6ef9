from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.io import loadmat

from bsnpp.evaluation.diagnosis.segmental import (
    correct_time,
    edit_score,
    segmental_scores,
    true_positives,
    without_overlap,
)
from tests.paths import SHARED
from tests.reference.diagnosis import (
    Segment,
    frame_accuracy,
    frames_without_overlap,
    levenshtein,
    segment_hits,
)
from tests.reference.evaluation_data import LABELS, detection_table, instance_table, segments

FRAMES = 24
REAL = SHARED / "data" / "salads" / "predictions" / "50Salads" / "mid" / "mid_video_ED-TCN_L2_C15"
segment_lists = st.lists(
    st.tuples(st.sampled_from(LABELS), segments).map(lambda s: (s[0], *s[1])), max_size=8
)


@given(segment_lists)
@settings(max_examples=100, deadline=None)
def test_overlap_is_removed_like_frame_by_frame(ranked: list[Segment]) -> None:
    result = without_overlap(ranked)
    assert result == frames_without_overlap(ranked, FRAMES)
    for (_, _, end), (_, start, _) in pairwise(result):
        assert end <= start


@given(segment_lists, segment_lists, st.sampled_from([0.1, 0.25, 0.5]))
@settings(max_examples=100, deadline=None)
def test_hits_and_accuracy_equal_the_textbook(
    expected: list[Segment], ranked: list[Segment], level: float
) -> None:
    predicted = without_overlap(ranked)
    assert true_positives(expected, predicted, level) == segment_hits(expected, predicted, level)
    assert correct_time(expected, predicted, FRAMES) == frame_accuracy(expected, predicted, FRAMES)


@given(st.lists(st.sampled_from("abc"), max_size=7), st.lists(st.sampled_from("abc"), max_size=7))
@settings(max_examples=100, deadline=None)
def test_the_edit_score_is_from_the_levenshtein_distance(first: list[str], second: list[str]) -> None:
    longer = max(len(first), len(second))
    expected = 1 - levenshtein(tuple(first), tuple(second)) / longer if longer else 1.0
    assert edit_score(first, second) == pytest.approx(expected)


def test_scores_are_over_all_segments_videos_and_seconds() -> None:
    videos = pd.DataFrame({"video": ["a", "b", "c"], "duration": [20.0, 10.0, 10.0]})
    instances = instance_table([("a", 10, 20, "sit"), ("a", 0, 10, "run"), ("b", 0, 10, "run")])
    detections = detection_table(
        [
            ("a", "run", 0.9, 0, 10),
            ("a", "sit", 0.8, 10, 15),
            ("b", "sit", 0.7, 0, 10),
            ("c", "sit", 0.1, 0, 5),
        ]
    )
    scores = segmental_scores(instances, detections, videos, 0.5)
    means = scores.pop("video_means")
    assert scores == pytest.approx(
        {"F1@10": 4 / 6, "F1@25": 4 / 6, "F1@50": 4 / 6, "edit": 2 / 3, "accuracy": 25 / 40, "segments": 3}
    )
    accuracy = (15 / 20 + 0 + 10 / 10) / 3
    assert means == pytest.approx({"F1@10": 2 / 3, "F1@25": 2 / 3, "F1@50": 2 / 3, "accuracy": accuracy})
    assert segmental_scores(instances, detections, videos, 0.0)["segments"] == 4


def test_perfect_detections_score_one_and_none_score_zero() -> None:
    videos = pd.DataFrame({"video": ["a"], "duration": [20.0]})
    instances = instance_table([("a", 0, 10, "run"), ("a", 12, 20, "sit")])
    ones = dict.fromkeys(["F1@10", "F1@25", "F1@50", "accuracy"], 1.0)
    perfect = segmental_scores(instances, instances.assign(score=1.0), videos, 0.5)
    assert perfect == {**ones, "edit": 1.0, "video_means": ones, "segments": 2}
    background = dict.fromkeys(ones, 0.0) | {"accuracy": pytest.approx(0.1)}
    nothing = segmental_scores(instances, detection_table([]), videos, 0.5)
    assert nothing == {**background, "edit": 0.0, "video_means": background, "segments": 0}


def runs(labels: np.ndarray, video: str) -> list[tuple[str, float, float, str]]:
    """List the runs of one label other than background, which is 0, in rows."""
    borders = [0, *np.flatnonzero(np.diff(labels)) + 1, len(labels)]
    return [(video, float(a), float(b), str(labels[a])) for a, b in pairwise(borders) if labels[a] != 0]


@pytest.mark.skipif(not REAL.exists(), reason=f"no predictions for 50 Salads in {REAL}; set BSNPP_SHARED")
def test_the_published_scores_of_ed_tcn_on_50_salads() -> None:
    expected, predicted, rows = [], [], {}
    for path in sorted(REAL.glob("*.mat")):
        content = loadmat(path)
        for number, (scores, labels) in enumerate(
            zip(content["S"].ravel(), content["Y"].ravel(), strict=True)
        ):
            video = f"{path.stem}.{number}"
            expected += runs(labels.ravel(), video)
            predicted += [(v, label, 1.0, a, b) for v, a, b, label in runs(scores.argmax(axis=1), video)]
            rows[video] = float(labels.size)
    videos = pd.DataFrame({"video": list(rows), "duration": list(rows.values())})
    result = segmental_scores(instance_table(expected), detection_table(predicted), videos, 0.5)
    published = {"F1@10": 0.680, "F1@25": 0.639, "F1@50": 0.526, "accuracy": 0.647}  # Lea et al., Table 1
    assert len(videos) == 50
    assert result["video_means"] == pytest.approx(published, abs=0.0006)
    assert result["edit"] == pytest.approx(0.598, abs=0.0006)
