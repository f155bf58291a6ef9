"""Names that match only after normalisation."""

import pytest

from bsnpp.core.near_names import hint, near_names, normalised_name


@pytest.mark.parametrize(
    "name", ["v_run1", "Run1", "RUN1.mp4", "videos/run1.npy", " run1 ", "run1.mp4.npy", "v_Run1.MKV"]
)
def test_spellings_of_one_name_are_alike(name: str) -> None:
    assert normalised_name(name) == "run1"


def test_near_names_are_those_that_differ_only_in_spelling() -> None:
    near = near_names(["run1", "walk"], ["V_run1.npy", "run1", "Run1", "walks"])
    assert near == {"run1": ["V_run1.npy", "Run1"]}
    assert hint("run1", near) == "; the file has 'V_run1.npy' and 'Run1'"
    assert hint("walk", near) == ""
