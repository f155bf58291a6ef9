import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.evaluation.bootstrap import (
    bootstrap_map,
    centred_interval,
    paired_interval,
    resample_runs,
    video_multiplicities,
)
from bsnpp.evaluation.detection import average_precision, weighted_average_precision
from bsnpp.evaluation.matching import match_detections
from tests.reference.bootstrap import textbook_runs
from tests.reference.evaluation import Detection, Instance, textbook_average_precision, textbook_map
from tests.reference.evaluation_data import (
    VIDEOS,
    detection_lists,
    detection_table,
    instance_lists,
    instance_table,
)

THRESHOLDS = [0.3, 0.5, 0.75, 0.95]
EVALUATED = [*VIDEOS, "elsewhere"]


def _repeated(rows: list, multiplicity: dict[str, int]) -> list:
    return [(f"{row[0]}#{copy}", *row[1:]) for row in rows for copy in range(multiplicity[row[0]])]


@given(instance_lists, detection_lists(), st.lists(st.integers(0, 3), min_size=4, max_size=4))
@settings(max_examples=100, deadline=None)
def test_weights_equal_a_data_set_with_repeated_videos(
    instances: list[Instance], detections: list[Detection], weights: list[int]
) -> None:
    matches = match_detections(instance_table(instances), detection_table(detections), THRESHOLDS, EVALUATED)
    multiplicity = dict(zip(EVALUATED, weights, strict=True))
    expected = textbook_average_precision(
        _repeated(instances, multiplicity), _repeated(detections, multiplicity), THRESHOLDS
    )
    ap = weighted_average_precision(matches, np.array([[multiplicity[video] for video in matches.videos]]))[0]
    present = [
        label for label, values in zip(matches.labels, ap.T, strict=True) if not np.isnan(values).any()
    ]
    assert present == list(expected)
    for label in present:
        np.testing.assert_allclose(ap[:, matches.labels.index(label)], expected[label], rtol=0, atol=1e-12)


def _example() -> tuple[list[Instance], list[Detection]]:
    rng = np.random.default_rng(3)
    videos = [f"v{index:02d}" for index in range(12)]
    instances = [
        (video, start, start + rng.uniform(4, 9), str(rng.choice(["run", "sit", "fly"])))
        for video in videos
        for start in (0.0, 10.0)
    ]
    detections = [
        (video, label, float(rng.random()), max(0.0, start + rng.normal(0, 1)), end + abs(rng.normal(0, 1)))
        for video, start, end, label in instances * 3
    ]
    return instances, detections


def single_units(videos: list[str]) -> dict[str, str]:
    """Make each video a unit of its own."""
    return {video: video for video in videos}


VIDEOS = [f"v{index:02d}" for index in range(12)]


@pytest.mark.parametrize(
    "groups", [single_units(VIDEOS), {video: f"person{index % 5}" for index, video in enumerate(VIDEOS)}]
)
def test_every_resample_equals_the_textbook_on_the_drawn_videos(groups: dict[str, str]) -> None:
    instances, detections = _example()
    matches = match_detections(instance_table(instances), detection_table(detections), THRESHOLDS)
    resampled = bootstrap_map(matches, 20, 7, groups)
    drawn = video_multiplicities(matches.videos, 20, 7, groups)
    assert len({tuple(row) for row in drawn}) > 15
    for row, weights in zip(resampled, drawn, strict=True):
        multiplicity = {video: int(weight) for video, weight in zip(matches.videos, weights, strict=True)}
        expected = textbook_map(
            _repeated(instances, multiplicity), _repeated(detections, multiplicity), THRESHOLDS
        )
        np.testing.assert_allclose(row, expected, rtol=0, atol=1e-12)


def test_multiplicities_of_one_give_exactly_the_plain_result() -> None:
    instances, detections = _example()
    matches = match_detections(instance_table(instances), detection_table(detections), THRESHOLDS)
    everything_at_once = dict.fromkeys(matches.videos, "all")  # a single unit is drawn once per resample
    expected = average_precision(matches).mean(axis=1)
    assert np.array_equal(bootstrap_map(matches, 3, 0, everything_at_once), np.tile(expected, (3, 1)))


def test_a_resample_draws_as_many_units_as_there_are_and_whole_groups() -> None:
    videos = ["c", "a", "b"]
    assert (video_multiplicities(videos, 50, 0, single_units(videos)).sum(axis=1) == 3).all()
    groups = {"a": "x", "b": "y", "c": "x", "elsewhere": "z"}
    drawn = video_multiplicities(videos, 50, 0, groups)
    assert np.array_equal(drawn[:, 0], drawn[:, 1])
    assert (drawn[:, 1] + drawn[:, 2]).max() == 3
    assert (drawn[:, 1] + drawn[:, 2]).min() < 3  # the unit without a video here is drawn too


def test_the_draw_depends_on_the_seed_and_not_on_the_order_of_videos() -> None:
    units = single_units(["b", "a", "c"])
    first, second = (
        video_multiplicities(videos, 10, 5, units) for videos in (["a", "b", "c"], ["c", "a", "b"])
    )
    assert np.array_equal(first, second[:, [1, 2, 0]])
    assert not np.array_equal(first, video_multiplicities(["a", "b", "c"], 10, 6, units))


def test_the_interval_skips_resamples_without_instances() -> None:
    instances, detections = instance_table([("a", 0, 4, "run")]), detection_table([("a", "run", 1.0, 0, 4)])
    matches = match_detections(instances, detections, [0.5], videos=["a", "b"])
    resampled = bootstrap_map(matches, 40, 0, single_units(["a", "b"]))
    assert set(np.unique(resampled[~np.isnan(resampled)])) == {1.0}
    assert np.isnan(resampled).any()
    assert paired_interval(resampled, resampled * 0.0) == (1.0, 1.0, 1.0)


def test_the_paired_interval_is_the_interval_of_the_differences() -> None:
    common = np.random.default_rng(0).normal(size=101)
    difference = np.arange(101) / 100
    interval = paired_interval(common + difference, common)
    assert interval == pytest.approx((0.5, 0.025, 0.975), abs=1e-12)
    two_thresholds = np.stack([common + difference, common - difference], axis=1)
    assert paired_interval(two_thresholds, np.stack([common, common], axis=1)) == pytest.approx(
        (0, 0, 0), abs=1e-12
    )


def test_unpaired_results_and_videos_without_a_group_are_refused() -> None:
    with pytest.raises(ValueError, match="not paired"):
        paired_interval(np.zeros(3), np.zeros(4))
    with pytest.raises(ValueError, match="no resample"):
        paired_interval(np.full(3, np.nan), np.zeros(3))
    with pytest.raises(ValueError, match="1 video without a group, the first is 'b'"):
        video_multiplicities(["a", "b"], 2, 0, {"a": "x"})


def test_the_interval_of_an_estimate_is_centred_on_it() -> None:
    values = np.append(np.arange(101) / 100, np.nan)
    assert centred_interval(values, 0.3) == pytest.approx((0.3, -0.175, 0.775), abs=1e-12)
    with pytest.raises(ValueError, match="no resample"):
        centred_interval(np.full(3, np.nan), 0.5)


def test_resampled_runs_equal_the_textbook() -> None:
    values = np.random.default_rng(0).normal(size=(3, 50))
    drawn = np.random.default_rng(7).integers(3, size=(3, 50))
    np.testing.assert_allclose(
        resample_runs(values, 7), textbook_runs(values.tolist(), drawn.tolist()), atol=1e-12
    )
    assert np.array_equal(resample_runs(values[:1], 7), values[0])


def test_the_variance_counts_videos_and_runs() -> None:
    rng = np.random.default_rng(0)
    runs, resamples = 5, 20_000
    of_run, of_videos = rng.normal(0.0, 2.0, (runs, 1)), rng.normal(0.0, 1.0, (1, resamples))
    expected = 1.0 + of_run.var(ddof=1) / runs
    assert resample_runs(of_run + of_videos, 1).var() == pytest.approx(expected, rel=0.05)
