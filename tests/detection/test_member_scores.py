"""Blends of members are scored by the proposals of their fused maps."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.decoding_settings import DecodingSettings
from bsnpp.detection.map_proposals import decode_batches, read_batches
from bsnpp.detection.member_scores import BlendScorer
from bsnpp.detection.per_label import suppress_class_agnostic
from bsnpp.detection.tables import proposals_table
from bsnpp.evaluation.metric_settings import MetricSettings
from bsnpp.evaluation.proposals import average_recall
from bsnpp.fusion.blend_files import fuse_files, open_members
from bsnpp.fusion.settings import FusionSettings
from bsnpp.stores.maps import open_fused, write_maps

GRID = ProposalGrid(8)
VIDEOS = pd.DataFrame({"video": ["a", "b", "c"], "extent": [10.0, 20.0, 40.0]})
INSTANCES = pd.DataFrame(
    {"video": ["a", "b", "b"], "start": [0.0, 5.0, 10.0], "end": [5.0, 12.0, 20.0], "label": ["x", "x", "y"]}
)
DECODING = DecodingSettings(top_candidates=20)
METRICS = MetricSettings(tiou_thresholds=(0.5, 0.7), proposals_per_video=100)


@pytest.fixture
def paths(tmp_path: Path) -> dict[str, Path]:
    """Write random maps of two members."""
    random, files = np.random.default_rng(0), {}
    for name in ("one", "two"):
        boundary = random.random((len(VIDEOS), 2, GRID.scale), np.float32)
        confidence = random.random((len(VIDEOS), 2, len(GRID)), np.float32)
        files[name] = tmp_path / f"{name}.h5"
        write_maps(files[name], GRID, list(VIDEOS["video"]), [(boundary, confidence)], "member")
    return files


def scorer(paths: dict[str, Path], metric: str) -> BlendScorer:
    fusion = FusionSettings.model_validate({"metric": metric})
    return BlendScorer(open_members(paths), VIDEOS, INSTANCES, fusion, DECODING, METRICS)


@pytest.mark.parametrize("weights", [{"one": 1.0}, {"one": 0.25, "two": 0.75}])
def test_the_score_is_that_of_the_fused_file(
    paths: dict[str, Path], tmp_path: Path, weights: dict[str, float]
) -> None:
    fuse_files({name: paths[name] for name in weights}, weights, tmp_path / "fused.h5", FusionSettings())
    maps = open_fused(tmp_path / "fused.h5")
    extent = dict(zip(VIDEOS["video"], VIDEOS["extent"], strict=True))
    proposals = proposals_table(
        (video, extent[video], suppress_class_agnostic(one, DECODING.nms, 100))
        for video, one in decode_batches(read_batches(maps), maps.grid, DECODING)
    )
    recall = average_recall(INSTANCES, proposals, list(VIDEOS["video"]), 100, METRICS.tiou_thresholds)
    assert scorer(paths, "auc").score(weights) == recall.auc
    assert scorer(paths, "ar_100").score(weights) == recall.ar_at(100)


def test_average_map_labels_every_proposal_with_the_true_classes(paths: dict[str, Path]) -> None:
    blends = scorer(paths, "average_map")
    assert 0 < blends.score({"one": 1.0}) < 1
    assert blends.score({"one": 0.5, "two": 0.5}) != blends.score({"two": 1.0})


@pytest.mark.parametrize("metric", ["auc", "ar_100", "average_map"])
def test_without_an_annotation_every_score_is_0(paths: dict[str, Path], metric: str) -> None:
    blends = replace(scorer(paths, metric), instances=INSTANCES.iloc[:0])
    assert blends.score({"one": 1.0}) == 0.0
