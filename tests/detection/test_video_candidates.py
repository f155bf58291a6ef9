"""Candidates of whole videos come from the maps at the video's own scale, and from no others."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.decoding_settings import DecodingSettings
from bsnpp.detection.video_candidates import VideoSource
from bsnpp.features.scales import ScaleSettings
from bsnpp.stores.maps import ProposalMaps


class RecordingMaps(ProposalMaps):
    """Maps of random numbers that record which videos are read."""

    def read(self, indices: object) -> tuple[np.ndarray, np.ndarray]:
        assert isinstance(indices, list)
        READ.extend((self.grid.scale, self.videos[index]) for index in indices)
        random = np.random.default_rng(0)
        return random.random((1, 2, self.grid.scale)), random.random((1, 3, len(self.grid)))


READ: list[tuple[int, str]] = []
SCALES = ScaleSettings()  # the paper's: 30 below 30 s, 80 below 120 s, else 100


def source(durations: list[float], scales: ScaleSettings | None, cells: tuple[int, ...]) -> VideoSource:
    names = tuple(f"v{number}" for number in range(len(durations)))
    videos = pd.DataFrame({"video": names, "duration": durations, "extent": durations})
    maps = {
        scale: RecordingMaps(Path(f"T{scale}.h5"), "fused", ProposalGrid(scale), names) for scale in cells
    }
    return VideoSource([maps], scales, videos, ["a"], dict.fromkeys(names, np.ones(1)))


@given(durations=st.lists(st.floats(1, 500), min_size=1, max_size=6))
@settings(deadline=None, max_examples=40)
def test_a_short_video_never_reads_a_map_of_the_largest_scale(durations: list[float]) -> None:
    READ.clear()
    candidates = list(source(durations, SCALES, (30, 80, 100)).candidates(DecodingSettings(), ["paper"]))
    assert [scale for scale, _ in READ] == [30 if d < 30 else 80 if d < 120 else 100 for d in durations]
    assert [one.video for one in candidates] == [video for _, video in READ]
    for one, (scale, _) in zip(candidates, READ, strict=True):
        np.testing.assert_allclose(
            one.proposals[0].segments * scale, np.round(one.proposals[0].segments * scale)
        )


def test_without_scales_every_video_reads_the_only_scale() -> None:
    READ.clear()
    list(source([5.0, 50.0, 500.0], None, (100,)).candidates(DecodingSettings(), ["paper"]))
    assert [scale for scale, _ in READ] == [100, 100, 100]


def test_without_scales_maps_of_several_scales_are_refused() -> None:
    with pytest.raises(ValueError):
        list(source([5.0], None, (30, 100)).candidates(DecodingSettings(), ["paper"]))
