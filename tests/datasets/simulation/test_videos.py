"""Distributions of the simulated videos, on larger draws than those of the demo."""

import re

import numpy as np
import pytest

from bsnpp.datasets.simulation.settings import SimulationSettings
from bsnpp.datasets.simulation.signals import make_world
from bsnpp.datasets.simulation.videos import SUBSETS, Video, draw_videos

LARGE = SimulationSettings(training=3000)


@pytest.fixture(scope="module")
def drawn() -> list[Video]:
    return draw_videos(LARGE, 0, "training")


def instances(video: Video) -> list[tuple[float, float]]:
    return [(event.start, event.end) for event in video.events if event.label is not None]


def test_durations_have_activitynets_shares(drawn: list[Video]) -> None:
    durations = np.array([video.duration for video in drawn])
    assert np.mean(durations < 30) == pytest.approx(0.10, abs=0.03)
    assert np.mean((durations >= 30) & (durations < 120)) == pytest.approx(0.42, abs=0.03)
    assert np.mean(durations >= 120) == pytest.approx(0.48, abs=0.03)


def test_relative_lengths_have_activitynets_shares(drawn: list[Video]) -> None:
    lengths = np.array(
        [(end - start) / video.duration for video in drawn for start, end, _ in video.annotations]
    )
    assert np.mean(lengths < 0.3) == pytest.approx(0.48, abs=0.03)
    assert np.mean((lengths >= 0.3) & (lengths <= 0.7)) == pytest.approx(0.21, abs=0.03)
    assert np.mean(lengths > 0.7) == pytest.approx(0.31, abs=0.03)


def test_one_to_five_instances_inside_the_video_never_overlap(drawn: list[Video]) -> None:
    counts = {len(instances(video)) for video in drawn}
    assert counts == {1, 2, 3, 4, 5}
    for video in drawn:
        edges = [0.0, *(edge for segment in instances(video) for edge in segment), video.duration + 1e-9]
        assert edges == sorted(edges)
        assert all(0 <= start < end <= video.duration for start, end, _ in video.annotations)


def test_annotations_jitter_about_the_truth_in_every_subset() -> None:
    chosen = SimulationSettings.model_validate(dict.fromkeys(SUBSETS, 1000))
    for subset in SUBSETS:
        errors = []
        for video in draw_videos(chosen, 0, subset):
            for (start, end), (noted, _, _) in zip(instances(video), video.annotations, strict=True):
                if start > 0.1 * (end - start):  # the start of the video cuts the others
                    errors.append((noted - start) / (end - start))
        # A normal error cut at 2.5 standard deviations has 0.98 of its spread.
        assert np.std(errors) == pytest.approx(0.04, abs=0.003)
        assert np.mean(errors) == pytest.approx(0.0, abs=0.005)


def test_a_tenth_of_the_instances_lacks_one_visible_edge(drawn: list[Video]) -> None:
    events = [event for video in drawn for event in video.events if event.label is not None]
    assert np.mean([not event.visible_start for event in events]) == pytest.approx(0.05, abs=0.015)
    assert np.mean([not event.visible_end for event in events]) == pytest.approx(0.05, abs=0.015)
    assert all(event.visible_start or event.visible_end for event in events)


def test_distractors_come_half_a_minute_apart_where_there_is_room(drawn: list[Video]) -> None:
    roomy = [
        video for video in drawn if sum(end - start for start, end in instances(video)) < 0.3 * video.duration
    ]
    minutes = sum(video.duration for video in roomy) / 60
    assert sum(event.label is None for video in roomy for event in video.events) / minutes == pytest.approx(
        0.5, abs=0.04
    )
    for video in drawn:
        for event in video.events:
            if event.label is None:
                assert all(event.end < start or event.start > end for start, end in instances(video))


def test_most_videos_have_one_class_and_a_few_two(drawn: list[Video]) -> None:
    classes = [len({label for _, _, label in video.annotations}) for video in drawn]
    assert set(classes) == {1, 2}
    assert np.mean(np.array(classes) == 2) < 0.05
    counts = np.bincount([video.annotations[0][2] for video in drawn], minlength=20)
    assert counts.min() > 130


def test_pretraining_set_is_shifted(drawn: list[Video]) -> None:
    others = draw_videos(SimulationSettings(pretraining=1000), 0, "pretraining")
    assert np.mean([v.duration for v in others]) < 0.85 * np.mean([v.duration for v in drawn])
    world = make_world(LARGE, 0)
    agreement = (world.embeddings * world.pretraining_embeddings).sum(axis=1)
    assert 0.5 < agreement.mean() < 0.9
    np.testing.assert_allclose(np.linalg.norm(world.pretraining_embeddings, axis=1), 1.0)


def test_names_are_unique_and_like_activitynets() -> None:
    chosen = SimulationSettings.model_validate(dict.fromkeys(SUBSETS, 500))
    names = [video.name for subset in SUBSETS for video in draw_videos(chosen, 0, subset)]
    assert len(set(names)) == 2000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{11}", name) and not name.startswith("v_") for name in names)


def test_a_larger_subset_begins_with_the_smaller_one(drawn: list[Video]) -> None:
    assert draw_videos(SimulationSettings(training=4), 0, "training") == drawn[:4]
