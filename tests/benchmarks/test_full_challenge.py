"""The counted operations match those of torch, and the benchmark runs at smoke size."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.operations import Part, parts_of, training_cost
from bsnpp.models.bmn import BMN
from bsnpp.models.bsnpp import BSNPP
from bsnpp.models.build import build_generator
from bsnpp.models.settings import BMNSettings, BSNPPSettings, GeneratorSettings, MatchingSettings
from tests.paths import ROOT
from tests.reference.boundary_matching import sampling_mask
from tests.reference.proposal_relation import position_attention

SCRIPT = ROOT / "benchmarks" / "full_challenge.py"
SCALE, CHANNELS = 11, 8
MATCHING = MatchingSettings(bins=4, input_channels=6, filters=10)
WIDE = BSNPPSettings(base_channels=12, boundary_channels=7, matching=MATCHING, relation_channels=5)
GROUPED = BMNSettings(base_channels=12, matching=MATCHING, confidence_channels=5)
both = pytest.mark.parametrize("kind", [WIDE, GROUPED], ids=["bsnpp", "bmn"])


def counted(run: Callable[[], object]) -> int:
    """Return the operations counted by torch, two per multiply-add."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops()


def expected(kind: GeneratorSettings, *names: str) -> int:
    parts: list[Part] = parts_of(kind, CHANNELS, SCALE)
    assert set(names) <= {part.name for part in parts}
    return sum(2 * part.multiply_adds for part in parts if part.name in names)


def sequence(channels: int) -> Tensor:
    return torch.randn(1, channels, SCALE)


@both
def test_base_and_boundary_operations_match_the_count_of_torch(kind: GeneratorSettings) -> None:
    model = build_generator(CHANNELS, kind).eval()
    shared = sequence(12)
    assert counted(lambda: model.base(sequence(CHANNELS))) == expected(kind, "base")
    if isinstance(model, BMN):
        assert counted(lambda: (model.start(shared), model.end(shared))) == expected(kind, "boundaries")
    else:
        assert counted(lambda: model.boundary(shared)) == expected(kind, "boundaries")


@both
def test_matching_operations_match_the_count_of_torch(kind: GeneratorSettings) -> None:
    model = build_generator(CHANNELS, kind)
    assert counted(lambda: model.proposal_sequence(sequence(12))) == expected(kind, "proposal sequence")
    columns = torch.randn(SCALE, 6), torch.randn(6, 4 * 10)
    assert counted(lambda: columns[0] @ columns[1]) == expected(kind, "projection")
    taps = int((sampling_mask(SCALE, MATCHING) > 0).sum())
    assert expected(kind, "sampling") == 2 * 10 * taps


@both
def test_operations_on_proposals_match_the_count_of_torch(kind: GeneratorSettings) -> None:
    model = build_generator(CHANNELS, kind)
    cells = len(kind.grid(SCALE))
    reduce = model.relation.reduce if isinstance(model, BSNPP) else model.reduce
    assert counted(lambda: reduce(torch.randn(1, cells, 10))) == expected(kind, "reduction")
    branches = 3 if kind is WIDE else 1
    whole = nn.Conv2d(5, 5, 3, padding=1)
    on_map = counted(lambda: whole(torch.randn(1, 5, SCALE, SCALE)))  # over all cells; half of them are valid
    assert expected(kind, "3 x 3") * SCALE**2 == 2 * branches * on_map * cells
    predictor = nn.Linear(5, 2)
    assert expected(kind, "predictor") == branches * counted(lambda: predictor(torch.randn(cells, 5)))


def test_operations_of_both_attentions() -> None:
    cells = len(WIDE.grid(SCALE))
    features, layer = torch.randn(cells, 5), nn.Linear(5, 5)

    def attend() -> Tensor:
        return position_attention(layer(features), layer(features), layer(features))

    assert counted(attend) == expected(WIDE, "position attention")
    energies = counted(lambda: features @ (features.T @ features))
    assert energies == expected(WIDE, "channel attention")
    alone = WIDE.model_copy(update={"position_attention": False})
    assert expected(alone, "3 x 3") * 3 == expected(WIDE, "3 x 3")


def test_a_step_costs_three_passes_and_the_optimiser() -> None:
    parts = [Part("a", 10, 4), Part("b", 5, 6)]
    operations, moved = training_cost(parts, parameters=100, batch=2, width=2)
    assert operations == 2 * 3 * 2 * 15
    assert moved == 3 * 2 * 2 * 10 + 40 * 100


@pytest.mark.parametrize("extra", [[], ["--full"]], ids=["steps", "full"])
def test_the_benchmark_runs_at_smoke_size(extra: list[str], tmp_path: Path) -> None:
    sizes = "--videos 13 --inference-videos 9 --channels 8 --scale 10 --scales 4 10 --batch 4 --warm-up 1"
    command = [sys.executable, str(SCRIPT), "--narrow", "--device", "cpu", *sizes.split(), *extra]
    command += ["--steps", "2", "--roof-size", "64", "--output", str(tmp_path / "out.json")]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=100)
    assert result.returncode == 0, result.stderr
    results = json.loads((tmp_path / "out.json").read_text())
    assert results["card"].startswith("CPU") and results["card"] in result.stdout
    assert "the whole challenge, 9 encoders and 2 generators" in result.stdout
    costs = results["challenge_seconds"]
    epochs = {name: figures["epoch_seconds"] for name, figures in results["generators"].items()}
    assert costs["training"] == pytest.approx(9 * 10 * (epochs["bsnpp"] + epochs["bmn"]))
    assert costs["pre-training"] == pytest.approx(9 * 10 * epochs["bsnpp"] * 37613 / 13)
    for figures in results["generators"].values():
        assert figures["epoch_seconds"] == pytest.approx(4 * figures["step_seconds"])
        assert set(figures["inference_seconds"]) == {"4", "10"}
        assert figures["operations_share"] > 0 and figures["bytes_share"] > 0
