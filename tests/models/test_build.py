"""Whole generators: any scale, files, and the output for reversed videos."""

from pathlib import Path

import pytest
import safetensors.torch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bsnpp.core.errors import UserError
from bsnpp.core.grid import ProposalGrid
from bsnpp.models.build import build_generator, load_generator, read_generator, save_generator
from bsnpp.models.settings import BMNSettings, ProposalSettings
from tests.models.small import BMN, BSNPP, each_generator


def features(batch: int, scale: int) -> torch.Tensor:
    return torch.randn(batch, 8, scale, generator=torch.Generator().manual_seed(batch * scale))


@each_generator
@given(scale=st.integers(4, 20), batch=st.integers(1, 3))
@settings(max_examples=10, deadline=None)
def test_any_scale_and_batch(kind: ProposalSettings, scale: int, batch: int) -> None:
    model = build_generator(8, kind)
    # in training, batch normalisation needs two values per channel at the lowest level
    output = model.train(batch * (scale // 4) > 1)(features(batch, scale))
    assert {tuple(logits.shape) for logits in output.boundary} == {(batch, 2, scale)}
    assert {tuple(logits.shape) for logits in output.confidence} == {(batch, 2, len(ProposalGrid(scale)))}
    assert all(torch.isfinite(logits).all() for logits in [*output.boundary, *output.confidence])


@pytest.mark.parametrize(("kind", "heads", "branches"), [(BSNPP, 2, 3), (BMN, 1, 1)], ids=["bsnpp", "bmn"])
def test_every_parameter_learns(kind: ProposalSettings, heads: int, branches: int) -> None:
    model = build_generator(8, kind)
    for name, parameter in model.named_parameters():
        if name.endswith(".gain"):  # while it is 0, nothing inside an attention learns
            torch.nn.init.constant_(parameter, 0.5)
    output = model(features(2, 8))
    assert (len(output.boundary), len(output.confidence)) == (heads, branches)
    sum(logits.square().mean() for logits in [*output.boundary, *output.confidence]).backward()
    assert [name for name, p in model.named_parameters() if p.grad is None] == []


@each_generator
def test_dropout_acts_only_in_training(kind: ProposalSettings) -> None:
    plain, model = build_generator(8, kind), build_generator(8, kind.model_copy(update={"dropout": 0.5}))
    model.load_state_dict(plain.state_dict())
    sequence = features(2, 8)
    with torch.no_grad():
        outputs = [m.train(t).base(sequence) for m, t in ((plain, True), (model, False), (model, True))]
    assert torch.equal(outputs[0], outputs[1])
    kept = outputs[2] != 0
    assert 0 < kept.sum() < (outputs[0] != 0).sum()
    torch.testing.assert_close(outputs[2][kept], 2 * outputs[0][kept])


def test_a_reversed_video_gives_exactly_mirrored_probabilities_with_swapped_edges() -> None:
    model = build_generator(8, BSNPP).eval()
    sequence = features(2, 9)
    there = model.boundary_probabilities(sequence, model(sequence))
    back = model.boundary_probabilities(sequence.flip(-1), model(sequence.flip(-1)))
    assert torch.equal(back, there.flip(-1).flip(1))
    assert not torch.equal(back, there)


def test_the_boundary_head_at_inference() -> None:
    """It is the last one or the mean of both, taken in each direction before the directions are fused."""
    sequence, probabilities = features(2, 9), {}
    for head in ("last", "mean"):
        for bidirectional in (False, True):
            changes = {"boundary_head": head, "bidirectional": bidirectional}
            torch.manual_seed(0)
            model = build_generator(8, BSNPP.model_copy(update=changes)).eval()
            output = model(sequence)
            probabilities[head, bidirectional] = model.boundary_probabilities(sequence, output)
    first, last = (logits.sigmoid() for logits in output.boundary)
    assert torch.equal(probabilities["last", False], last)
    torch.testing.assert_close(probabilities["mean", False], (first + last) / 2)
    back = model.boundary_probabilities(sequence.flip(-1), model(sequence.flip(-1)))
    assert torch.equal(back, probabilities["mean", True].flip(-1).flip(1))
    assert not torch.allclose(probabilities["mean", True], probabilities["last", True])


def test_the_confidence_branch_at_inference() -> None:
    sequence = features(2, 9)
    for choice in ("mean", "last"):
        model = build_generator(8, BSNPP.model_copy(update={"confidence_branch": choice})).eval()
        output = model(sequence)
        branches = [logits.sigmoid() for logits in output.confidence]
        confidence = model.confidence_probabilities(output)
        if choice == "mean":
            torch.testing.assert_close(confidence, sum(branches) / 3)
        else:
            assert torch.equal(confidence, branches[-1])


@each_generator
def test_groups_must_divide_the_channels(kind: ProposalSettings) -> None:
    with pytest.raises(ValueError, match="10 channels do not divide into 4 groups"):
        build_generator(10, kind.model_copy(update={"groups": 4}))


@each_generator
def test_a_file_restores_the_same_model_at_any_scale(kind: ProposalSettings, tmp_path: Path) -> None:
    model = build_generator(8, kind)
    model(features(4, 8))  # changes the statistics of batch normalisation
    save_generator(tmp_path / "model.safetensors", model)
    restored = load_generator(tmp_path / "model.safetensors")
    assert restored.channels == 8 and type(restored) is type(model)
    for scale in (8, 5, 13):
        ours, theirs = restored.eval()(features(2, scale)), model.eval()(features(2, scale))
        assert all(map(torch.equal, ours.boundary, theirs.boundary))
        assert all(map(torch.equal, ours.confidence, theirs.confidence))


@each_generator
def test_a_file_restores_the_settings(kind: ProposalSettings, tmp_path: Path) -> None:
    other = kind.model_copy(update={"base_channels": 16})
    save_generator(tmp_path / "model.safetensors", build_generator(8, other))
    restored = load_generator(tmp_path / "model.safetensors")
    assert restored.settings == other
    save_generator(tmp_path / "again.safetensors", restored)
    assert (tmp_path / "again.safetensors").read_bytes() == (tmp_path / "model.safetensors").read_bytes()


@each_generator
def test_the_same_model_gives_the_same_bytes(kind: ProposalSettings, tmp_path: Path) -> None:
    model = build_generator(8, kind)
    contents = set()
    for _ in range(20):  # safetensors writes several header keys in a random order
        save_generator(tmp_path / "model.safetensors", model)
        contents.add((tmp_path / "model.safetensors").read_bytes())
    assert len(contents) == 1


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"model\.safetensors: no such file"):
        load_generator(tmp_path / "model.safetensors")


@pytest.mark.parametrize("content", [b"", b"no model", b"\x00" * 64, b"PK\x03\x04" * 30])
def test_a_foreign_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(UserError, match="train it again"):
        read_generator(content, str(path))
    with pytest.raises(UserError, match=r"model\.safetensors: .*no checksum"):
        load_generator(path)


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_generator(path, build_generator(8, BMN))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UserError, match="does not match its checksum"):
        load_generator(path)


@pytest.mark.parametrize(
    "header",
    [
        None,
        {"generator": "["},
        {"generator": "[]"},
        {"generator": '{"channels": null, "settings": {}}'},
        {"generator": '{"channels": 8, "settings": {"architecture": "other"}}'},
        {"generator": '{"channels": 8, "settings": {"architecture": "bmn"}}'},
    ],
    ids=["none", "no JSON", "a list", "no channels", "another architecture", "another width"],
)
def test_weights_of_other_projects_are_refused(header: dict[str, str] | None, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    safetensors.torch.save_file(build_generator(8, BMN).state_dict(), path, metadata=header)
    with pytest.raises(UserError, match="not a model of this project"):
        read_generator(path.read_bytes(), str(path))


def test_groups_must_divide_the_base_channels() -> None:
    with pytest.raises(ValidationError, match="3 groups do not divide 8 base channels"):
        BMNSettings(base_channels=8, groups=3)
