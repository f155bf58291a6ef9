"""The tIoU thresholds of metrics, and lists of them as in papers: `0.5:0.95:0.05` or `0.3,0.4,0.5`."""

from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from bsnpp.core.errors import UserError

Threshold = Annotated[float, Field(gt=0.0, le=1.0)]

ACTIVITYNET_THRESHOLDS = (0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95)
"""The tIoU thresholds of the ActivityNet challenge, 0.50:0.05:0.95 (conventions 8)."""

EXAMPLES = "write start:end:step, for example 0.5:0.95:0.05, or a list, for example 0.3,0.4,0.5"
MOST = 1000
"""Largest number of thresholds."""


def parse_thresholds(text: str) -> tuple[float, ...]:
    """Read tIoU thresholds.

    The thresholds are exact decimals. The official script computes them with `numpy.linspace`, which gives
    0.8999999999999999 instead of 0.9.

    Parameters
    ----------
    text : str
        `start:end:step`, both ends included, or numbers separated by commas.

    Returns
    -------
    tuple of float
        Rising thresholds in (0, 1].

    Raises
    ------
    UserError
        If the text has another form, a threshold is outside (0, 1], or the thresholds do not rise.

    Examples
    --------
    >>> parse_thresholds("0.3:0.7:0.1")
    (0.3, 0.4, 0.5, 0.6, 0.7)
    >>> parse_thresholds("0.5")
    (0.5,)
    """
    separator = ":" if ":" in text else ","
    try:
        numbers = [Decimal(part.strip()) for part in text.split(separator)]
    except InvalidOperation:
        raise UserError(f"tIoU thresholds {text!r}: not a list of numbers; {EXAMPLES}") from None
    if not all(number.is_finite() and 0 < number <= 1 for number in numbers):
        raise UserError(f"tIoU thresholds {text!r}: every number must lie in (0, 1]; {EXAMPLES}")
    if separator == ":":
        numbers = _range(text, numbers)
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise UserError(f"tIoU thresholds {text!r}: must be strictly rising; {EXAMPLES}")
    return tuple(float(number) for number in numbers)


def _range(text: str, numbers: list[Decimal]) -> list[Decimal]:
    """Expand start, end and step."""
    if len(numbers) != 3:
        raise UserError(f"tIoU thresholds {text!r}: not start:end:step; {EXAMPLES}")
    start, end, step = numbers
    if end < start:
        raise UserError(f"tIoU thresholds {text!r}: the end lies below the start; {EXAMPLES}")
    steps = (end - start) / step
    if steps != steps.to_integral_value() or not 0 < steps < MOST:
        raise UserError(
            f"tIoU thresholds {text!r}: steps of {step} from {start} do not lead to {end} in 1 to {MOST - 1} "
            f"steps; {EXAMPLES}"
        )
    return [start + step * number for number in range(int(steps) + 1)]
