"""All faults are reported together, up to a limit."""

import pytest

from bsnpp.core.errors import Faults, UserError


def test_without_faults_nothing_is_raised() -> None:
    faults = Faults("heading")
    assert not faults
    faults.raise_if_any()


def test_one_message_lists_every_fault() -> None:
    faults = Faults("two things", "Fix both.")
    faults.add("the first")
    faults.extend(["the second"])
    with pytest.raises(UserError) as caught:
        faults.raise_if_any()
    assert str(caught.value) == "two things:\n  the first\n  the second\nFix both."


@pytest.mark.parametrize(("count", "last"), [(50, "  number 49"), (51, "  ... and 1 more")])
def test_a_long_list_is_shortened(count: int, last: str) -> None:
    faults = Faults("many")
    faults.extend(f"number {number}" for number in range(count))
    lines = str(faults).splitlines()
    assert lines[-1] == last
    assert len(lines) == 1 + 50 + (count > 50)
