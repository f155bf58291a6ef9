"""Temperature scaling."""

import numpy as np
import pytest

from bsnpp.classification.calibration import fit_temperature
from tests.classification.random_panel import panel


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_temperature_is_recovered(factor: float) -> None:
    rng = np.random.default_rng(1)
    logits = 2 * rng.normal(size=(5000, 10))
    odds = np.exp(logits)
    drawn = (rng.random((5000, 1)) > np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)).sum(axis=1)
    targets = np.eye(10, dtype=bool)[np.minimum(drawn, 9)]
    assert fit_temperature(factor * logits, targets) == pytest.approx(factor, rel=0.05)


def test_temperature_equals_a_plain_search() -> None:
    logits, targets = panel(9)

    def loss(temperature: float) -> float:
        scaled = logits[1] / temperature
        log_probability = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return -float(np.mean([row[true].mean() for row, true in zip(log_probability, targets, strict=True)]))

    tried = np.exp(np.linspace(np.log(0.05), np.log(20), 4001))
    assert fit_temperature(logits[1], targets) == pytest.approx(
        tried[np.argmin([loss(t) for t in tried])], rel=0.002
    )
    assert fit_temperature(logits[1], np.zeros_like(targets)) == 1.0
