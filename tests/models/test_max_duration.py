"""Fewer durations than cells, D < T: in the settings, the models, the labels, and the files of maps."""

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.grid import ProposalGrid
from bsnpp.core.settings import Settings
from bsnpp.detection.decode import decode
from bsnpp.detection.decoding_settings import DecodingSettings
from bsnpp.fusion.blend import boundary_map
from bsnpp.inference.settings import InferenceSettings
from bsnpp.models.build import build_generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.settings import BMNSettings, BSNPPSettings, GeneratorSettings, MatchingSettings
from bsnpp.stores.features import FeatureStore, write_features
from bsnpp.stores.maps import open_member
from bsnpp.stores.tables import write_table
from bsnpp.training.data import TrainingData
from bsnpp.training.settings import LearningStage, TrainingSettings
from tests.paths import script

MATCHING = MatchingSettings(bins=4, input_channels=8, filters=8)
BSNPP = BSNPPSettings(base_channels=8, boundary_channels=8, matching=MATCHING, relation_channels=8)
BMN = BMNSettings(base_channels=8, matching=MATCHING, confidence_channels=8)
both = pytest.mark.parametrize("kind", [BSNPP, BMN], ids=["bsnpp", "bmn"])


class ScriptSettings(Settings):
    """What scripts/training/train_generator.py reads."""

    model: GeneratorSettings
    training: TrainingSettings
    compute: ComputeSettings


def shorter(kind: GeneratorSettings, share: float) -> GeneratorSettings:
    return kind.model_copy(update={"max_duration": share})


@given(scale=st.integers(1, 130), tenths=st.integers(1, 10))
def test_no_proposal_is_longer_than_the_share_but_one_cell(scale: int, tenths: int) -> None:
    grid = shorter(BMN, tenths / 10).grid(scale)
    share = Fraction(tenths, 10)
    assert grid.durations == max(d for d in range(1, scale + 1) if d == 1 or Fraction(d, scale) <= share)


def test_all_durations_are_the_default() -> None:
    assert BMN.grid(100) == BSNPP.grid(100) == ProposalGrid(100, 100)


@both
@given(share=st.floats(0.05, 1), scale=st.integers(4, 12))
@settings(max_examples=10, deadline=None)
def test_models_predict_the_cells_of_the_grid_and_the_same_boundaries(
    kind: GeneratorSettings, share: float, scale: int
) -> None:
    torch.manual_seed(0)
    inputs = torch.randn(2, 8, scale)
    every, short = build_generator(8, kind).eval(), build_generator(8, shorter(kind, share)).eval()
    short.load_state_dict(every.state_dict())
    found, expected = short(inputs), every(inputs)
    assert all(logits.shape == (2, 2, len(short.settings.grid(scale))) for logits in found.confidence)
    for ours, theirs in zip(found.boundary, expected.boundary, strict=True):
        assert torch.equal(ours, theirs)
    sum(logits.square().mean() for logits in [*found.boundary, *found.confidence]).backward()
    assert all(torch.isfinite(p.grad).all() for p in short.parameters())


def test_confidences_two_rows_below_the_last_duration_are_those_of_all() -> None:
    """Two 3 x 3 convolutions see no further, and BMN has no attention."""
    torch.manual_seed(0)
    every, short = build_generator(8, BMN), build_generator(8, shorter(BMN, 0.5))
    short.load_state_dict(every.state_dict())
    inputs = torch.randn(2, 8, 12)
    ours, theirs = short(inputs).confidence[0], every(inputs).confidence[0]
    same = len(ProposalGrid(12, 4))
    torch.testing.assert_close(ours[..., :same], theirs[..., :same], atol=1e-6, rtol=0)
    assert (ours - theirs[..., : len(ProposalGrid(12, 6))]).abs().max() > 1e-4


def write_videos(folder: Path) -> None:
    """Three videos of 10 s with features at T = 8, and an instance of 4 s in two of them."""
    values = np.random.default_rng(0).standard_normal((3, 8, 8), dtype=np.float32)
    write_features(folder / "f.h5", "toy", 8, 8, zip("abc", values, strict=True), list("abc"))
    write_table(folder / "videos.tsv", pd.DataFrame({"video": list("abc"), "duration": 10.0, "extent": 10.0}))
    instances = {"video": ["a", "b"], "start": [0.0, 6.0], "end": [4.0, 10.0], "label": "x"}
    write_table(folder / "instances.tsv", pd.DataFrame(instances))


def test_labels_are_those_of_the_first_durations(tmp_path: Path) -> None:
    write_videos(tmp_path)
    store, segments = FeatureStore(tmp_path / "f.h5"), {"a": np.array([[0.0, 0.4]])}
    every, short = (TrainingData(store, segments, "paper", durations=durations) for durations in (0, 3))
    assert (every.grid, short.grid) == (ProposalGrid(8), ProposalGrid(8, 3))
    np.testing.assert_array_equal(short.iou, every.iou[:, : len(short.grid)])
    np.testing.assert_array_equal(short.boundary, every.boundary)


def run_script(name: str, *arguments: str | Path) -> None:
    command = [sys.executable, str(script(name)), *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)


@both
def test_training_prediction_and_decoding_keep_to_the_longest_duration(
    kind: GeneratorSettings, tmp_path: Path
) -> None:
    write_videos(tmp_path)
    training = TrainingSettings(stages=(LearningStage(epochs=1, learning_rate=1e-3),), batch_size=3)
    chosen = ScriptSettings(model=shorter(kind, 0.5), training=training, compute=ComputeSettings())
    inputs = ["--features", tmp_path / "f.h5", "--videos", tmp_path / "videos.tsv"]
    inputs += ["--instances", tmp_path / "instances.tsv"]
    outputs = ["--model", tmp_path / "model.safetensors", "--metrics", tmp_path / "metrics.csv"]
    run_script("train_generator", *inputs, *outputs, "--settings", chosen.model_dump_json())
    predict = f'{{"inference": {InferenceSettings().model_dump_json()}, "compute": {{}}}}'
    files = ["--features", tmp_path / "f.h5", "--maps", tmp_path / "maps.h5"]
    run_script("predict_maps", *outputs[:2], *files, "--settings", predict)
    maps = open_member(tmp_path / "maps.h5")
    assert maps.grid == ProposalGrid(8, 4)
    boundary, confidence = maps.read([0])
    stacked = np.concatenate([boundary_map(boundary, maps.grid)[:, None], confidence], axis=1)
    proposals = decode(boundary[0], stacked[0], maps.grid, DecodingSettings(candidates="all"))
    lengths = np.diff(proposals.segments, axis=1)
    assert len(proposals) == len(maps.grid) and lengths.max() == 0.5
