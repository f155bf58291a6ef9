import pytest

from bsnpp.core.errors import UserError
from bsnpp.evaluation.thresholds import ACTIVITYNET_THRESHOLDS, parse_thresholds


def test_the_range_of_activitynet_gives_its_exact_decimals() -> None:
    assert parse_thresholds("0.5:0.95:0.05") == ACTIVITYNET_THRESHOLDS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.3:0.7:0.1", (0.3, 0.4, 0.5, 0.6, 0.7)),
        ("0.1,0.2, 0.55", (0.1, 0.2, 0.55)),
        ("0.75", (0.75,)),
        (" .5 : 1 : .25 ", (0.5, 0.75, 1.0)),
    ],
)
def test_ranges_and_lists_are_read(text: str, expected: tuple[float, ...]) -> None:
    assert parse_thresholds(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not a list of numbers"),
        ("half", "not a list of numbers"),
        ("0.5;0.6", "not a list of numbers"),
        ("0.5:0.05:0.95", "the end lies below the start"),
        ("0.1:0.1:0.5", "do not lead to"),
        ("0.5:0.95", "not start:end:step"),
        ("0.5:0.95:0.1", "do not lead to 0.95"),
        ("0.5:1:0.0001", "in 1 to 999 steps"),
        ("0.5:0.95:0", "must lie in"),
        ("0,0.5", "must lie in"),
        ("50", "must lie in"),
        ("nan", "must lie in"),
        ("0.5,0.5", "strictly rising"),
        ("0.7,0.5", "strictly rising"),
    ],
)
def test_other_lists_are_refused_with_an_example(text: str, message: str) -> None:
    with pytest.raises(UserError, match=rf"{message}.*0\.5:0\.95:0\.05"):
        parse_thresholds(text)
