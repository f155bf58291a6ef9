"""All faults are told at once, as far as a reader can take them in."""

import pytest

from bsnpp.core.errors import Faults, UserError


def test_without_a_fault_nothing_happens() -> None:
    faults = Faults("heading")
    assert not faults
    faults.raise_if_any()


def test_every_fault_stands_in_one_message() -> None:
    faults = Faults("two things", "Mend both.")
    faults.add("the first")
    faults.extend(["the second"])
    with pytest.raises(UserError) as caught:
        faults.raise_if_any()
    assert str(caught.value) == "two things:\n  the first\n  the second\nMend both."


@pytest.mark.parametrize(("count", "last"), [(50, "  number 49"), (51, "  ... and 1 more")])
def test_a_long_list_is_cut_and_says_so(count: int, last: str) -> None:
    faults = Faults("many")
    faults.extend(f"number {number}" for number in range(count))
    lines = str(faults).splitlines()
    assert lines[-1] == last
    assert len(lines) == 1 + 50 + (count > 50)
