"""Encoders equal plain loops, and fits depend on the training recordings alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from bsnpp.core.errors import UserError
from bsnpp.core.settings import parse_settings
from bsnpp.datasets.hapt.convolutions import DILATIONS, LENGTH, describe_convolutions, fit_kernels
from bsnpp.datasets.hapt.encoders import fit_encoder, fit_projection, fit_standardiser
from bsnpp.datasets.hapt.settings import ENCODERS, RATE, HaptSettings
from bsnpp.datasets.hapt.spectral import describe_spectrum
from bsnpp.datasets.hapt.statistics import describe_statistics
from bsnpp.datasets.hapt.windows import snippet_count, windows
from tests.reference import snippets

LENGTHS = [7, 49, 50, 213]  # shorter than half a window; a last centre just outside, just inside; ordinary


def walk(samples: int, seed: int = 0) -> np.ndarray:
    """A signal with posture, drift and steps."""
    rng = np.random.default_rng(seed)
    time = np.arange(samples)[:, None] / RATE
    drift = np.cumsum(rng.normal(0, 0.02, (samples, 3)), axis=0)
    return rng.normal(0, 0.5, 3) + drift + 0.3 * np.sin(2 * np.pi * 1.8 * time + rng.normal(size=3))


@pytest.mark.parametrize("samples", LENGTHS)
def test_statistics_equal_plain_loops(samples: int) -> None:
    signal = walk(samples)
    expected = [snippets.statistics(window) for window in snippets.snippet_windows(signal, 20, 120)]
    np.testing.assert_allclose(describe_statistics(signal, 20, 120), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("samples", LENGTHS)
def test_spectrum_equals_plain_loops(samples: int) -> None:
    signal = walk(samples)
    expected = [snippets.spectrum(window, RATE) for window in snippets.snippet_windows(signal, 20, 64)]
    np.testing.assert_allclose(describe_spectrum(signal, 20, 64), expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("samples", LENGTHS)
@pytest.mark.parametrize("pooled", [1, 3])
def test_convolutions_equal_plain_loops(samples: int, pooled: int) -> None:
    signal = walk(samples)
    kernels = fit_kernels({"a": walk(300, 1)}, 10, 5)
    width = 20 * pooled
    expected = [
        snippets.convolutions(window, kernels, width)
        for window in snippets.snippet_windows(signal, 20, width + (LENGTH - 1) * max(DILATIONS))
    ]
    np.testing.assert_allclose(
        describe_convolutions(signal, kernels, 20, pooled), expected, rtol=1e-12, atol=1e-12
    )


@given(st.integers(1, 400), st.sampled_from([2, 10, 20]), st.sampled_from([20, 22, 64]))
def test_every_window_is_centred_on_its_snippet(samples: int, step: int, width: int) -> None:
    """On a ramp inside the signal, the mean of window k is the ramp at (k + 0.5) step."""
    ramp = np.arange(samples)[:, None] + 0.5
    view = windows(ramp, step, width)
    centres = (np.arange(len(view)) + 0.5) * step
    assert view.shape == (snippet_count(samples, step), width, 1)
    assert len(view) == 1 or centres[-1] <= samples
    assert centres[-1] + step > samples
    inside = (centres - width / 2 >= 0) & (centres + width / 2 <= samples)
    np.testing.assert_allclose(view.mean(axis=(1, 2))[inside], centres[inside])


def test_the_spectrum_of_a_tone() -> None:
    tone = np.sin(2 * np.pi * 5 * np.arange(1000)[:, None] / RATE) * [1, 0, 0]
    middle = describe_spectrum(tone, 20, 100)[25]
    bands, highest, entropy = middle[:44].reshape(4, 11), middle[44:48], middle[48:52]
    assert bands[0].argmax() == 7  # 4 to 6 Hz
    assert highest[0] == 5.0
    assert entropy[0] < 0.4 < 0.99 < entropy[1]


def test_half_of_the_kernels_do_not_respond_to_posture() -> None:
    kernels = fit_kernels({"a": walk(300, 1)}, 16, 0)
    sums = np.abs(kernels.weights.sum(axis=1)).max(axis=1)
    assert (sums[::2] < 1e-12).all()
    assert (sums[1::2] > 1e-3).all()
    seen = (kernels.weights != 0).any(axis=1).sum(axis=1)
    assert set(seen) <= {1, 2, 3}


def test_kernels_respond_to_a_share_of_the_training_samples() -> None:
    """Biases lie between the 5 % and 95 % quantiles, so no kernel is always or never positive."""
    training = {name: walk(2000, seed) for seed, name in enumerate("abc")}
    kernels = fit_kernels(training, 40, 0)
    rows = np.concatenate([describe_convolutions(one, kernels, 20, 1) for one in training.values()])
    shares = rows[:, :40].mean(axis=0)
    assert ((shares > 0.01) & (shares < 0.99)).all()
    assert np.ptp(shares) > 0.5


def test_the_standardiser_centres_and_scales() -> None:
    rng = np.random.default_rng(0)
    training = {name: rng.normal(3, 2, (50, 4)) * [1, 1, 1, 0] for name in "ba"}
    standardiser = fit_standardiser(training)
    rows = standardiser(np.concatenate(list(training.values())))
    np.testing.assert_allclose(rows.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(rows.std(axis=0), [1, 1, 1, 0], atol=1e-12)
    np.testing.assert_array_equal(standardiser(np.full((1, 4), 1e6)), [[8, 8, 8, 8]])


def test_the_projection_is_onto_the_principal_components() -> None:
    rng = np.random.default_rng(0)
    training = {name: rng.normal(size=(60, 6)) @ rng.normal(size=(6, 6)) for name in "ab"}
    projection = fit_projection(training, 4)
    expected = PCA(4).fit(np.concatenate([training["a"], training["b"]])).components_
    for axis, other in zip(projection.axes.T, expected, strict=True):
        assert abs(axis @ other) == pytest.approx(1, abs=1e-9)
        assert axis[np.abs(axis).argmax()] > 0


SMALL = HaptSettings(kernels=32, components=8)


@pytest.mark.parametrize("name", ENCODERS)
def test_the_order_of_the_training_recordings_does_not_matter(name: str) -> None:
    training = {video: walk(400, seed) for seed, video in enumerate("cab")}
    fitted = fit_encoder(name, SMALL, [3, 1], training)
    again = fit_encoder(name, SMALL, [3, 1], dict(sorted(training.items())))
    one, other = fitted.encode(walk(213, 9)), again.encode(walk(213, 9))
    assert one.dtype == np.float32
    assert one.shape == (11, 8 if name == "convolutions" else 64)
    assert one.tobytes() == other.tobytes()


def test_only_the_convolutions_depend_on_the_seed() -> None:
    training = {"a": walk(400)}
    same = {
        name: np.array_equal(
            fit_encoder(name, SMALL, 1, training).encode(training["a"]),
            fit_encoder(name, SMALL, 2, training).encode(training["a"]),
        )
        for name in ENCODERS
    }
    assert same == {"statistics": True, "spectral": True, "convolutions": False}


def test_an_unknown_encoder_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="encoder 'tsn' is not one of"):
        fit_encoder("tsn", SMALL, 0, {"a": walk(50)})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"snippet_seconds": 0.41}', r"snippet_seconds is 0.41, should be a multiple of 0.04 s"),
        ('{"snippet_seconds": 2.48}', r"statistics_seconds is 2.4, should be at least snippet_seconds"),
        ('{"pooling_snippets": 4}', r"pooling_snippets is 4, should be odd"),
        ('{"kernels": 32, "components": 68}', r"components is 68, should be at most 2 x 32 kernels"),
        ('{"components": 30}', r"components: .*multiple of 4"),
    ],
)
def test_invalid_settings(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        parse_settings(text, HaptSettings)
