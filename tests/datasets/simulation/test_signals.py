"""Observations of the simulated encoders: noise, gain, blindness, blur, invisible edges."""

import numpy as np
import pytest

from bsnpp.datasets.simulation.settings import SimulationSettings
from bsnpp.datasets.simulation.signals import blurred, make_world, observe
from bsnpp.datasets.simulation.videos import Video, draw_videos


def test_half_of_the_noise_is_shared_by_all_encoders() -> None:
    """Without events, only noise is left: of the given level, half of it shared, AR(1) in seconds."""
    chosen = SimulationSettings(noise_level=0.7, noise_seconds=2.0)
    world = make_world(chosen, 0)
    blank = [Video("x" * 11, "training", number, 200.0, (), ()) for number in range(30)]
    seen = np.array([observe(chosen, 0, world, video) for video in blank])  # (videos, encoders, snippets, 19)
    flat = seen.transpose(1, 0, 2, 3).reshape(3, -1)
    np.testing.assert_allclose(flat.std(axis=1), 0.7, rtol=0.03)
    np.testing.assert_allclose(np.corrcoef(flat)[np.triu_indices(3, 1)], 0.5, atol=0.03)
    for lag in (1, 4):
        correlation = np.mean(seen[:, :, lag:] * seen[:, :, :-lag]) / np.mean(seen**2)
        assert correlation == pytest.approx(np.exp(-0.5 * lag / 2.0), abs=0.03)


def quiet_view(label: int) -> tuple[Video, list[np.ndarray]]:
    """Return a video with one visible instance of the class, and what encoders observe without noise."""
    chosen = SimulationSettings(noise_level=0.0, distractors=0.0, invisible_edges=0.0, training=300)
    video = next(
        video
        for video in draw_videos(chosen, 0, "training")
        if len(video.events) == 1
        and video.events[0].label == label
        and video.events[0].end - video.events[0].start > 20
        and video.events[0].start > 5
        and video.events[0].end < video.duration - 5
    )
    return video, observe(chosen, 0, make_world(chosen, 0), video)


@pytest.mark.parametrize("label", [0, 1, 2])
def test_gains_and_the_blind_third(label: int) -> None:
    expected = np.array([1.0, 0.85, 0.7])
    expected[label % 3] *= 0.15
    video, views = quiet_view(label)
    np.testing.assert_allclose([view[:, 0].max() for view in views], expected, rtol=1e-6)
    outside = int((video.events[0].start - 4) / 0.5)
    assert all(np.abs(view[:outside]).max() < 0.01 for view in views)


def test_blur_by_encoder_is_in_seconds() -> None:
    """Actionness rises from 10 % to 90 % more slowly for longer clips (1, 2 and 4 s); edges last 1 s."""
    video, views = quiet_view(3)
    middle = int((video.events[0].start + video.events[0].end) / 2 / 0.5)
    rises = []
    for view in views:
        time = np.linspace(0, middle - 1, 20_000)
        rising = np.interp(time, np.arange(middle), view[:middle, 0] / view[middle, 0])
        rises.append((time[np.argmax(rising > 0.9)] - time[np.argmax(rising > 0.1)]) * 0.5)
    assert rises[0] < rises[1] < rises[2]
    np.testing.assert_allclose(rises, [1.1, 1.7, 3.3], atol=0.35)


@pytest.mark.parametrize("blur", [1.0, 2.0, 4.0])
def test_blur_equals_the_mean_over_the_clip(blur: float) -> None:
    rng = np.random.default_rng(0)
    signal = rng.normal(size=(81, 2))  # 10 s, a point every 0.125 s
    averages = blurred(signal, blur, 20)
    for snippet in range(20):
        centre = 0.5 * (snippet + 0.5)
        time = np.linspace(max(centre - blur / 2, 0), min(centre + blur / 2, 10.0), 20_001)
        values = np.stack([np.interp(time, np.arange(81) * 0.125, signal[:, i]) for i in range(2)])
        np.testing.assert_allclose(averages[snippet], values.mean(axis=1), atol=0.05)


def test_invisible_edges_show_no_edge_signal() -> None:
    base = SimulationSettings(noise_level=0.0, distractors=0.0, training=300)
    world = make_world(base, 0)
    for video in draw_videos(base, 0, "training"):
        event = video.events[0]
        if (
            len(video.events) == 1
            and event.label is not None
            and event.label % 3 != 0
            and event.end < video.duration - 2
        ):
            sharp = observe(base, 0, world, video)[0]
            assert (sharp[:, 1].max() > 0.5) == event.visible_start or event.start < 1
            assert (sharp[:, 2].max() > 0.5) == event.visible_end
