import pytest
from pydantic import ValidationError

from bsnpp.evaluation.settings import EvaluationSettings


def test_the_default_thresholds_are_the_exact_decimals_of_the_challenge() -> None:
    expected = [float(f"0.{hundredths}") for hundredths in range(50, 100, 5)]
    assert list(EvaluationSettings().tiou_thresholds) == expected


@pytest.mark.parametrize("thresholds", [(), (0.0, 0.5), (0.5, 1.1), (0.5, 0.5), (0.7, 0.5)])
def test_thresholds_out_of_range_or_order_are_refused(thresholds: tuple[float, ...]) -> None:
    with pytest.raises(ValidationError):
        EvaluationSettings(tiou_thresholds=thresholds)
