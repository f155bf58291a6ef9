"""Fewer durations than cells, D < T: in the settings, the models and the files of maps."""

import json
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
from bsnpp.detection.decode import decode
from bsnpp.detection.decoding_settings import DecodingSettings
from bsnpp.fusion.blend import boundary_map
from bsnpp.models.build import build_generator
from bsnpp.models.settings import ProposalSettings
from bsnpp.stores.features import write_features
from bsnpp.stores.maps import open_member
from bsnpp.stores.tables import write_table
from tests.models.small import BMN, BSNPP, each_generator
from tests.paths import script


def shorter(kind: ProposalSettings, share: float) -> ProposalSettings:
    return kind.model_copy(update={"max_duration": share})


@given(scale=st.integers(1, 130), tenths=st.integers(1, 10))
def test_no_proposal_is_longer_than_the_share_or_one_cell(scale: int, tenths: int) -> None:
    grid = shorter(BMN, tenths / 10).grid(scale)
    share = Fraction(tenths, 10)
    assert grid.durations == max(d for d in range(1, scale + 1) if d == 1 or Fraction(d, scale) <= share)


def test_all_durations_are_the_default() -> None:
    assert BMN.grid(100) == BSNPP.grid(100) == ProposalGrid(100, 100)


@each_generator
@given(share=st.floats(0.05, 1), scale=st.integers(4, 12))
@settings(max_examples=10, deadline=None)
def test_models_predict_the_proposals_of_the_grid_and_the_same_boundaries(
    kind: ProposalSettings, share: float, scale: int
) -> None:
    torch.manual_seed(0)
    inputs = torch.randn(2, 8, scale)
    every, short = build_generator(8, kind).eval(), build_generator(8, shorter(kind, share)).eval()
    short.load_state_dict(every.state_dict())
    output, expected = short(inputs), every(inputs)
    assert all(logits.shape == (2, 2, len(short.settings.grid(scale))) for logits in output.confidence)
    for ours, theirs in zip(output.boundary, expected.boundary, strict=True):
        assert torch.equal(ours, theirs)
    sum(logits.square().mean() for logits in [*output.boundary, *output.confidence]).backward()
    assert all(torch.isfinite(p.grad).all() for p in short.parameters())


def test_confidences_of_bmn_are_the_same_two_rows_below_the_longest_duration() -> None:
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
    """Write three videos of 10 s with features at T = 8, and an instance of 4 s in two of them."""
    values = np.random.default_rng(0).standard_normal((3, 8, 8), dtype=np.float32)
    write_features(folder / "f.h5", "toy", 8, 8, zip("abc", values, strict=True), list("abc"))
    write_table(folder / "videos.tsv", pd.DataFrame({"video": list("abc"), "duration": 10.0, "extent": 10.0}))
    instances = {"video": ["a", "b"], "start": [0.0, 6.0], "end": [4.0, 10.0], "label": "x"}
    write_table(folder / "instances.tsv", pd.DataFrame(instances))


def run_script(name: str, settings: object, **files: Path) -> None:
    options = [word for flag, path in files.items() for word in (f"--{flag}", str(path))]
    command = [sys.executable, str(script(name)), *options, "--settings", json.dumps(settings)]
    subprocess.run(command, check=True, capture_output=True)


@pytest.mark.slow
@each_generator
def test_training_prediction_and_decoding_keep_to_the_longest_duration(
    kind: ProposalSettings, tmp_path: Path
) -> None:
    write_videos(tmp_path)
    features, model = tmp_path / "f.h5", tmp_path / "model.safetensors"
    training = {"stages": [{"epochs": 1, "learning_rate": 1e-3}], "batch_size": 3}
    sections = {"model": shorter(kind, 0.5).model_dump(), "training": training, "compute": {}}
    tables = {"videos": tmp_path / "videos.tsv", "instances": tmp_path / "instances.tsv"}
    run_script(
        "train_generator", sections, features=features, **tables, model=model, metrics=tmp_path / "m.csv"
    )
    chosen = {"inference": {}, "compute": {}}
    run_script("predict_maps", chosen, model=model, features=features, maps=tmp_path / "maps.h5")
    maps = open_member(tmp_path / "maps.h5")
    assert maps.grid == ProposalGrid(8, 4)
    boundary, confidence = maps.read([0])
    stacked = np.concatenate([boundary_map(boundary, maps.grid)[:, None], confidence], axis=1)
    proposals = decode(boundary[0], stacked[0], maps.grid, DecodingSettings(candidates="all"))
    lengths = np.diff(proposals.segments, axis=1)
    assert len(proposals) == len(maps.grid) and lengths.max() == 0.5
