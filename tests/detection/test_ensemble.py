"""Scores of an ensemble's parts are matched where there are several, on the ground truth of validation."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.ensemble import Ensemble
from bsnpp.detection.external import ExternalDetections
from bsnpp.detection.per_label import suppress_per_label
from bsnpp.detection.score_scales import UNCHANGED
from bsnpp.detection.settings import DetectionSettings
from bsnpp.detection.video_candidates import VideoSource
from bsnpp.stores.maps import ProposalMaps

INSTANCES = pd.DataFrame({"video": ["v"], "start": [1.0], "end": [6.0], "label": ["a"]})
MATCHED = pytest.mark.parametrize("way", ["rank", "isotonic"])


class RandomMaps(ProposalMaps):
    """Maps of random numbers."""

    def read(self, indices: object) -> tuple[np.ndarray, np.ndarray]:
        random = np.random.default_rng(0)
        return random.random((1, 2, self.grid.scale)), random.random((1, 3, len(self.grid)))


def ensemble(generators: int, outside: int = 0) -> Ensemble:
    videos = pd.DataFrame({"video": ["v"], "duration": [10.0], "extent": [10.0]})
    maps = {8: RandomMaps(Path("T8.h5"), "fused", ProposalGrid(8), ("v",))}
    source = VideoSource([maps] * generators, None, videos, ["a"], {"v": np.ones(1)})
    return Ensemble(source, ["paper"] * generators, [ExternalDetections({})] * outside)


@MATCHED
def test_a_single_generator_keeps_its_scores_without_ground_truth(way: str) -> None:
    alone, settings = ensemble(1), DetectionSettings(ensemble=way)
    assert alone.scales(alone.candidates(settings), settings, None) == [UNCHANGED]


@MATCHED
@pytest.mark.parametrize(("generators", "outside"), [(2, 0), (1, 1)])
def test_several_parts_are_matched_on_the_ground_truth(way: str, generators: int, outside: int) -> None:
    several, settings = ensemble(generators, outside), DetectionSettings(ensemble=way)
    scales = several.scales(several.candidates(settings), settings, INSTANCES)
    assert len(scales) == 2 and all(scale is not UNCHANGED for scale in scales[:generators])
    with pytest.raises(ValueError, match="ground truth of validation"):
        several.scales(several.candidates(settings), settings, None)


def test_tables_hold_the_best_of_each_video_in_seconds() -> None:
    several, settings = ensemble(2), DetectionSettings(per_video=3, ensemble="rank")
    candidates = list(several.candidates(settings))
    scales = several.scales(candidates, settings, INSTANCES)
    (found,) = candidates
    kept = suppress_per_label(several.joined(found, settings, scales), settings.nms, 3)
    table, plain = several.tables(iter(candidates), settings, scales)
    assert list(table["score"]) == list(kept.scores) and set(table["label"]) == {"a"}
    np.testing.assert_array_equal(table[["start", "end"]], 10 * kept.segments)
    assert len(plain) == 3 and set(plain["video"]) == {"v"} and "label" not in plain
    assert plain["score"].max() == max(part.scores.max() for part in found.proposals)
