"""Features of another stride are refused; those of mixed frame rates are resampled to one stride."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bsnpp.core.errors import UserError
from bsnpp.features.settings import StreamSource
from bsnpp.features.streams import open_source
from bsnpp.windows.recordings import fits, import_recordings, one_rate
from bsnpp.windows.snippet_settings import SnippetSettings
from tests.reference.rescale import value_at

SAME = SnippetSettings(snippet_seconds=0.25)
MIXED = SnippetSettings(snippet_seconds=0.25, mixed_rates=True)


@pytest.mark.parametrize("snippets", [400, 365, 440])
def test_a_tenth_of_the_snippets_may_be_missing_or_added(snippets: int) -> None:
    assert fits(snippets, 100.0, SAME) and fits(snippets, 100.0, MIXED)


def test_another_rate_fits_only_if_rates_are_mixed() -> None:
    assert fits(3, 1.5, SAME)  # 4 snippets of 0.25 s may always be missing
    assert not fits(333, 100.0, SAME) and fits(333, 100.0, MIXED)
    assert not fits(150, 100.0, MIXED) and not fits(900, 100.0, MIXED)


def test_all_recordings_that_do_not_fit_are_reported(tmp_path: Path) -> None:
    for video, snippets in (("a", 40), ("b", 20), ("c", 80)):
        np.save(tmp_path / f"{video}.npy", np.ones((snippets, 3)))
    readers = [open_source(StreamSource(name="rgb", path=str(tmp_path), channels=3))]
    read = []
    with pytest.raises(UserError) as caught:
        for video, _ in import_recordings(readers, dict.fromkeys("abc", 10.0), SAME):
            read.append(video)
    assert read == ["a"]
    for words in (
        "b: the features cover 5.0 s (20 snippets of 0.25 s), but the recording lasts 10.0 s",
        "(80 snippets of 0.25 s)",
        "`windows.mixed_rates`",
    ):
        assert words in str(caught.value)
    lengths = {v: len(s) for v, s in import_recordings(readers, dict.fromkeys("abc", 10.0), MIXED)}
    assert lengths == {"a": 40, "b": 40, "c": 40}


@given(length=st.integers(1, 12), extent=st.floats(0.05, 8))
def test_mixed_rates_are_resampled_to_one(length: int, extent: float) -> None:
    sequence = np.random.default_rng(0).normal(size=(length, 2)).astype(np.float32)
    assert one_rate(sequence, extent, SAME) is sequence
    resampled = one_rate(sequence, extent, MIXED)
    assert len(resampled) == max(1, int(extent / 0.25 + 0.5))
    if len(resampled) == length:
        assert resampled is sequence
        return
    centres = [(k + 0.5) * extent / length for k in range(length)]
    at = [(k + 0.5) * 0.25 for k in range(len(resampled))]
    expected = [[value_at(list(column), centres, second) for column in sequence.T] for second in at]
    np.testing.assert_allclose(resampled, expected, atol=1e-5)
