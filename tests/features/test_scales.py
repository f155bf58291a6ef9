"""Each duration has one scale, and invalid regimes are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bsnpp.features.scales import DurationRegime, ScaleSettings


@pytest.mark.parametrize(
    ("duration", "scale"), [(0.1, 30), (29.999, 30), (30, 80), (119.999, 80), (120, 100), (1e6, 100)]
)
def test_the_scales_of_the_paper(duration: float, scale: int) -> None:
    assert ScaleSettings().of_duration(duration) == scale


@given(
    bounds=st.lists(st.floats(0.1, 1e4), min_size=1, max_size=4, unique=True),
    duration=st.floats(0, 1e4, allow_nan=False),
)
def test_the_scale_of_the_first_regime_above_the_duration(bounds: list[float], duration: float) -> None:
    bounds = sorted(bounds)
    regimes = [DurationRegime(below=bound, scale=4 + index) for index, bound in enumerate(bounds)]
    settings = ScaleSettings(regimes=(*regimes, DurationRegime(scale=99)))
    passed = sum(bound <= duration for bound in bounds)
    assert settings.of_duration(duration) == (99 if passed == len(bounds) else 4 + passed)


@pytest.mark.parametrize(
    "bounds",
    [
        pytest.param([30.0], id="no last regime"),
        pytest.param([None, None], id="two last regimes"),
        pytest.param([120.0, 30.0, None], id="falling"),
        pytest.param([30.0, 30.0, None], id="twice the same"),
        pytest.param([None, 30.0], id="last first"),
        pytest.param([], id="none"),
    ],
)
def test_regimes_are_in_ascending_order(bounds: list[float | None]) -> None:
    with pytest.raises(ValidationError):
        ScaleSettings(regimes=tuple(DurationRegime(below=bound, scale=8) for bound in bounds))


@pytest.mark.parametrize("regime", [{"below": 0, "scale": 8}, {"scale": 3}])
def test_a_regime_is_in_range(regime: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        DurationRegime.model_validate(regime)


def test_the_scales_of_training() -> None:
    assert ScaleSettings().trained == (100,)
    assert ScaleSettings(training=40, further_training=(12, 32)).trained == (40, 12, 32)


@pytest.mark.parametrize("further", [(12, 12), (40,), (3,)])
def test_further_scales_of_training_are_distinct_and_in_range(further: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError, match="further_training"):
        ScaleSettings(training=40, further_training=further)
