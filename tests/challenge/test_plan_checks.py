"""Contradictions between a configuration, its sheets and the disk."""

from pathlib import Path

import pytest
import yaml

from bsnpp.challenge.load import load_plan
from bsnpp.challenge.plan import Plan
from bsnpp.challenge.plan_checks import plan_faults
from tests.challenge.plans import EXTERNAL, Folder, variant
from tests.paths import ROOT


def test_contradictions_between_keys_and_sheets_are_reported_together(folder: Folder) -> None:
    folder.edit("classifiers", "trained				two", "trained				three")
    message = folder.message(
        blends={"single": ["nobody/scratch", "two/pretrained", "one/pretrained"]},
        panels={"outside": ["cuhk", "nobody"]},
        generators={
            "bsnpp": {"model": {"architecture": "bsnpp"}},
            "bmn": {"model": {"architecture": "bmn", "groups": 8}},
        },
    )
    for words in (
        "blends.single: unknown encoder 'nobody'; known: one, two (in encoders.tsv)",
        "blends.single: two has no pretraining row in encoders.tsv",
        "blends.single: one/pretrained needs the section `pretraining`",
        "panels.outside: unknown classifier 'nobody'; known: cuhk, own (in classifiers.tsv)",
        "classifiers.tsv: own: unknown encoder 'three'; known: one, two (in encoders.tsv)",
        "generators.bmn.model.groups: the 4 channels of two are not divisible by 8",
    ):
        assert words in message
    assert "channels of one" not in message, "24 channels are divisible by 8"


def test_members_of_one_blend_must_be_different_trainings(folder: Folder) -> None:
    blends = {"single": ["one/scratch", "one/scratch_seed5", "two/scratch_seed5"]}
    message = folder.message(compute={"seed": 5}, blends=blends)
    assert "one/scratch and one/scratch_seed5 are the same training of bsnpp (seed 5)" in message
    assert "two" not in message
    folder.plan(compute={"seed": 4}, blends=blends)


def test_the_channels_of_an_encoder_must_agree_between_data_sets(folder: Folder) -> None:
    folder.edit("encoders", "more/flow	8", "more/flow	4")
    assert "channels of one differ between the data sets" in folder.message()


def test_an_encoder_needs_features_of_the_challenge(folder: Folder) -> None:
    folder.edit("encoders", "two	challenge", "two	pretraining")
    assert "two has no row with the data set challenge" in folder.message()


def test_results_must_be_writable(folder: Folder) -> None:
    folder.touch("file")
    assert "results: cannot write file/below; check file" in folder.message(results="file/below")
    folder.plan(results="new/below")
    assert not (folder.path / "new").exists(), "a check writes nothing"


@pytest.mark.parametrize("challenge", ["demo", "activitynet2020"])
def test_a_shipped_challenge_matches_its_sheets(challenge: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(Plan, "missing_files", lambda plan: [])
    plan = load_plan(yaml.safe_load(Path(f"config/{challenge}/config.yaml").read_text()))
    rows = [name for name in plan.challenge.variants if name != "upper_bound"]
    assert rows == ["baseline", "A", "B", "C", "D", "bmn_baseline", "bmn"]
    assert plan_faults(plan) == []


def test_the_encoders_of_the_recogniser_must_exist(folder: Folder) -> None:
    for section in ({"encoders": ["one", "seven"]}, {"candidates": {"encoders": [["one"], ["seven"]]}}):
        message = folder.message(recognition=section)
        assert "recognition.encoders: unknown encoder 'seven'" in message and "'one'" not in message


def test_videos_need_classifiers_of_videos(folder: Folder) -> None:
    folder.edit("classifiers", "own\ttrained\t\t\t\ttwo", "own\tsnippets\t\t\t\t")
    sheet = folder.path / "classifiers.tsv"
    header, *rows = sheet.read_text().splitlines()
    rows = [f"{row}\tlogistic" if row.startswith("own") else f"{row}\t" for row in rows]
    sheet.write_text("\n".join([f"{header}\tkind", *rows]) + "\n")
    message = folder.message(panels={"outside": ["cuhk"], "own": ["own"]})
    assert "panels.own: own scores snippets, but the challenge has no section `windows`" in message


def test_a_classifier_listed_twice_is_refused(folder: Folder) -> None:
    folder.edit("classifiers", "own\ttrained", "cuhk\ttrained")
    assert "cuhk is listed more than once" in folder.message()


@pytest.mark.parametrize("name", ["score", "plateau", "nan", "NA"])
def test_classifiers_may_be_called_like_columns_and_empty_cells(folder: Folder, name: str) -> None:
    folder.edit("classifiers", "own\ttrained", f"{name}\ttrained")
    plan = folder.plan(panels={"outside": ["cuhk", name]})
    assert [row.classifier for row in plan.classifiers] == ["cuhk", name]


def test_a_stream_listed_twice_is_refused(folder: Folder) -> None:
    folder.edit("encoders", "flow\t{results}/simulated/more", "rgb\t{results}/simulated/more")
    message = folder.message(recognition={"encoders": ["one", "two", "one"]})
    assert "encoders.tsv: stream rgb of one (pretraining) is listed more than once" in message
    assert "recognition.encoders: one is listed more than once" in message


def test_the_external_detections_of_a_variant_must_exist(folder: Folder) -> None:
    changes = {"variants": {"baseline": variant(external=["nobody"])}}
    assert "variants.baseline.external: unknown external detections 'nobody'; known: none" in folder.message(
        **changes
    )
    (folder.path / "external.tsv").write_text(EXTERNAL + EXTERNAL.splitlines()[1])
    message = folder.message(external_detections="external.tsv", **changes)
    assert "'nobody'; known: theirs, theirs (in external.tsv)" in message
    assert "external.tsv: theirs is listed more than once" in message
