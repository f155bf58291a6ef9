"""The videos that a report shows."""

import numpy as np
import pandas as pd
import pytest

from bsnpp.reporting.video_choice import RULES, choose_videos, video_scores
from tests.reference.evaluation import textbook_average_precision

THRESHOLDS = [0.5, 0.75, 0.95]


def table(rows: list[tuple[object, ...]], *columns: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns))


def random_tables(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return videos, instances and detections; some videos have none."""
    random = np.random.default_rng(seed)
    names = [f"v{index}" for index in range(20)]
    videos = pd.DataFrame({"video": names, "duration": random.uniform(5, 100, 20)})

    def segments(count: int) -> pd.DataFrame:
        start = random.integers(0, 8, count).astype(float)
        return pd.DataFrame(
            {
                "video": random.choice(names[2:], count),
                "start": start,
                "end": start + random.integers(1, 4, count),
                "label": random.choice(["run", "sit"], count),
            }
        )

    return videos, segments(40), segments(300).assign(score=random.permutation(300) / 300)


def plain_score(video: str, instances: pd.DataFrame, detections: pd.DataFrame) -> float:
    """Evaluate the tables of one video by the textbook."""
    columns = ["video", "label", "score", "start", "end"]
    truth = instances[instances["video"] == video][["video", "start", "end", "label"]]
    own = detections[detections["video"] == video][columns]
    rows = (list(one.itertuples(index=False, name=None)) for one in (truth, own))
    return float(np.mean(list(textbook_average_precision(*rows, THRESHOLDS).values())))


@pytest.mark.parametrize("seed", range(10))
def test_the_scores_are_those_of_the_textbook(seed: int) -> None:
    _, instances, detections = random_tables(seed)
    scores = video_scores(instances, detections, THRESHOLDS)
    assert scores.keys() == set(instances["video"])
    for video, score in scores.items():
        assert score == pytest.approx(plain_score(video, instances, detections))


@pytest.mark.parametrize("seed", range(10))
def test_a_dozen_videos_fit_their_reasons(seed: int) -> None:
    videos, instances, detections = random_tables(seed)
    scores = video_scores(instances, detections, THRESHOLDS)
    earlier = video_scores(instances, detections.iloc[::2], THRESHOLDS)
    chosen = choose_videos(videos, instances, scores, earlier)
    assert len({one.video for one in chosen}) == len(chosen) <= sum(count for *_, count in RULES) == 12
    by_reason = {reason: [one for one in chosen if reason in one.reasons] for reason, *_ in RULES}
    assert by_reason["best"][0].score >= max(scores.values()) - 1e-9
    assert min(one.score for one in by_reason["worst"]) == min(scores.values())
    assert max(one.duration for one in by_reason["longest"]) == videos["duration"].max()
    counts = instances["video"].value_counts()
    assert max(one.instances for one in by_reason["most instances"]) == counts.max()
    for one in by_reason["greatest gain of the last step"]:
        assert one.change == pytest.approx(scores[one.video] - earlier[one.video]) and one.change > 0
    for one in by_reason["greatest loss of the last step"]:
        assert one.change < 0


def test_a_single_video_has_all_reasons_and_no_step_no_gain() -> None:
    videos = table([("a", 10.0)], "video", "duration")
    instances = table([("a", 0.0, 1.0, "run")], "video", "start", "end", "label")
    (one,) = choose_videos(videos, instances, {"a": 0.5})
    assert one.reasons == "worst, best, median, longest, most instances"
    assert np.isnan(one.change)


def test_ties_go_to_videos_with_more_instances_then_to_the_order_of_the_table() -> None:
    videos = table([(name, 10.0) for name in "abcde"], "video", "duration")
    rows = [(name, 0.0, 1.0, "run") for name in "abbccde"]
    instances = table(rows, "video", "start", "end", "label")
    chosen = choose_videos(videos, instances, dict.fromkeys("abcde", 1.0))
    assert [(one.video, one.reasons) for one in chosen] == [
        ("b", "worst, best, median, longest, most instances"),
        ("c", "worst, best"),
        ("a", "worst"),
        ("d", "best"),
        ("e", "best"),
    ]


def test_without_instances_only_the_longest_is_chosen() -> None:
    videos = table([("a", 10.0), ("b", 20.0)], "video", "duration")
    instances = table([], "video", "start", "end", "label")
    detections = table([("a", "run", 0.5, 0.0, 1.0)], "video", "label", "score", "start", "end")
    scores = video_scores(instances, detections, THRESHOLDS)
    (one,) = choose_videos(videos, instances, scores, scores)
    assert (one.video, one.reasons) == ("b", "longest") and np.isnan(one.score)
