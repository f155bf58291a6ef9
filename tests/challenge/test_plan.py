"""A challenge with its sheets: scales and durations, members, contradictions, missing files."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bsnpp.challenge.load import load_plan
from bsnpp.challenge.plan import Plan
from bsnpp.challenge.plan_checks import plan_faults
from bsnpp.core.errors import UserError
from tests.challenge.test_model import SMALL
from tests.paths import ROOT

ENCODERS = """encoder	dataset	name	path	channels
one	challenge	rgb	{results}/simulated/one/rgb	16
one	challenge	flow	{results}/simulated/one/flow	8
one	pretraining	rgb	{results}/simulated/more/rgb	16
one	pretraining	flow	{results}/simulated/more/flow	8
two	challenge	rgb	{results}/simulated/two.h5	4
"""
CLASSIFIERS = """classifier	source	scores	validation	testing	encoder
cuhk	outside	probabilities	{results}/simulated/cuhk.json	{results}/simulated/cuhk.json
own	trained				two
"""


class Folder:
    """A folder with sample sheets in which plans are loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "encoders.tsv").write_text(ENCODERS)
        (path / "classifiers.tsv").write_text(CLASSIFIERS)

    def edit(self, sheet: str, old: str, new: str) -> None:
        path = self.path / f"{sheet}.tsv"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    def touch(self, *names: str) -> None:
        for name in names:
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).touch()

    def config(self, **changes: Any) -> dict[str, Any]:
        annotations = {"layout": "activitynet", "path": "{results}/simulated/mine.json"}
        sheets = {"encoders": "encoders.tsv", "classifiers": "classifiers.tsv"}
        return {**SMALL, **sheets, "annotations": annotations, "simulation": {}, **changes}

    def plan(self, **changes: Any) -> Plan:
        return load_plan(self.config(**changes))

    def message(self, **changes: Any) -> str:
        with pytest.raises(UserError) as caught:
            self.plan(**changes)
        return str(caught.value)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path)


def variant(**changes: Any) -> dict[str, Any]:
    return {"generators": {"bsnpp": "single"}, "panel": "outside", **changes}


def test_the_rows_of_an_encoder_are_its_streams(folder: Folder) -> None:
    plan = folder.plan()
    assert plan.encoders == ["one", "two"]
    assert [(source.name, source.channels) for source in plan.sources("one", "challenge")] == [
        ("rgb", 16), ("flow", 8)
    ]  # fmt: skip
    assert [source.path for source in plan.sources("two", "challenge")] == ["results/mine/simulated/two.h5"]
    assert plan.sources("two", "pretraining") == []
    assert plan.classifier("own").encoder == "two"


def test_members_of_a_blend(folder: Folder) -> None:
    blends = {"single": ["one/scratch"], "both": ["one/pretrained", "two/scratch"]}
    pretraining = {"layout": "activitynet", "path": "{results}/simulated/more.json"}
    plan = folder.plan(blends=blends, pretraining=pretraining)
    assert plan.members("both") == [("one", "pretrained"), ("two", "scratch")]


def test_the_features_used_by_the_compared_variants(folder: Folder) -> None:
    subsets = ["testing", "training", "validation"]
    assert folder.plan().imports == [("one", subset) for subset in subsets], "no blend has the encoder two"
    pretraining = {"layout": "activitynet", "path": "{results}/simulated/more.json"}
    plan = folder.plan(
        blends={"single": ["one/pretrained"]}, panels={"outside": ["cuhk", "own"]}, pretraining=pretraining
    )
    assert plan.imports == sorted(
        [("one", "pretraining"), *[(encoder, subset) for encoder in ("one", "two") for subset in subsets]]
    )


def test_the_scales_of_each_variant(folder: Folder) -> None:
    plan = folder.plan(
        variants={"baseline": variant(), "C": variant(scales="by_duration"), "E": variant(scales=64)}
    )
    scales = {name: plan.scales_of(one) for name, one in plan.challenge.variants.items()}
    assert scales == {"baseline": [100], "C": [30, 80, 100], "E": [64]}


def test_a_scale_is_needed_for_the_durations_of_every_variant(folder: Folder) -> None:
    plan = folder.plan(variants={"baseline": variant(), "C": variant(scales="by_duration")})
    assert plan.durations_at(30) == [(0.0, 30.0)]
    assert plan.durations_at(80) == [(30.0, 120.0)]
    assert plan.durations_at(100) == [(0.0, None)], "all videos at the training scale"
    plan = folder.plan(variants={"baseline": variant(scales=80), "C": variant(scales="by_duration")})
    assert plan.durations_at(80) == [(0.0, None)], "one variant takes all videos at 80 cells"


def test_two_regimes_may_share_a_scale(folder: Folder) -> None:
    regimes = [{"below": 10, "scale": 40}, {"below": 60, "scale": 80}, {"scale": 40}]
    plan = folder.plan(
        scales={"training": 100, "regimes": regimes}, variants={"baseline": variant(scales="by_duration")}
    )
    assert plan.scales_of(plan.challenge.variants["baseline"]) == [40, 80]
    assert plan.durations_at(40) == [(0.0, 10.0), (60.0, None)]


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


def test_the_channels_of_an_encoder_must_agree_between_data_sets(folder: Folder) -> None:
    folder.edit("encoders", "more/flow	8", "more/flow	4")
    assert "channels of one differ between the data sets" in folder.message()


def test_an_encoder_needs_features_of_the_challenge(folder: Folder) -> None:
    folder.edit("encoders", "two	challenge", "two	pretraining")
    assert "two has no row with the data set challenge" in folder.message()


EXPECTED = {
    "results/mine/simulated/mine.json": "the annotations as JSON, in the layout activitynet",
    "results/mine/simulated/one/rgb": "rgb features of one (challenge), 16 channels",
    "results/mine/simulated/one/flow": "flow features of one (challenge), 8 channels",
    "results/mine/simulated/more/rgb": "rgb features of one (pretraining), 16 channels",
    "results/mine/simulated/more/flow": "flow features of one (pretraining), 8 channels",
    "results/mine/simulated/two.h5": "rgb features of two (challenge), 4 channels",
    "results/mine/simulated/cuhk.json": "probabilities of cuhk: JSON",
}


def test_all_missing_files_are_reported_with_their_content(folder: Folder) -> None:
    message = folder.message(simulation=None)
    assert len(message.splitlines()) == 1 + len(EXPECTED)
    for path, meaning in EXPECTED.items():
        assert f"  {path}: {meaning}" in message
    folder.touch(*EXPECTED)
    assert folder.plan(simulation=None).missing_files() == []
    (folder.path / "results/mine/simulated/cuhk.json").unlink()
    assert len(folder.message(simulation=None).splitlines()) == 2


def test_a_simulated_challenge_makes_its_own_files(folder: Folder) -> None:
    assert folder.plan().missing_files() == []


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


@pytest.mark.parametrize("name", ["score", "plateau", "nan"])
def test_reserved_names_of_classifiers_are_refused(folder: Folder, name: str) -> None:
    folder.edit("classifiers", "own\ttrained", f"{name}\ttrained")
    message = folder.message()
    assert f"classifiers.tsv: {name}: this name is reserved: " in message
    assert message.count("is reserved") == 1


def test_a_stream_listed_twice_is_refused(folder: Folder) -> None:
    folder.edit("encoders", "flow\t{results}/simulated/more", "rgb\t{results}/simulated/more")
    message = folder.message(recognition={"encoders": ["one", "two", "one"]})
    assert "encoders.tsv: stream rgb of one (pretraining) is listed more than once" in message
    assert "recognition.encoders: one is listed more than once" in message


EXTERNAL = "name\tvalidation\ttesting\ntheirs\tours/val.json\tours/test.json\n"


def test_external_detections_must_exist_even_in_a_simulated_challenge(folder: Folder) -> None:
    (folder.path / "external.tsv").write_text(EXTERNAL)
    message = folder.message(external_detections="external.tsv")
    for path, subset in (("ours/val.json", "validation"), ("ours/test.json", "testing")):
        assert f"{path}: submission JSON of theirs for the {subset} videos" in message
    folder.touch("ours/val.json", "ours/test.json")
    plan = folder.plan(
        external_detections="external.tsv", variants={"baseline": variant(external=["theirs"])}
    )
    assert plan.external_files("theirs").testing == "ours/test.json"
    assert plan.challenge.variants["baseline"].parts == 2


def test_the_external_detections_of_a_variant_must_exist(folder: Folder) -> None:
    changes = {"variants": {"baseline": variant(external=["nobody"])}}
    assert "variants.baseline.external: unknown external detections 'nobody'; known: none" in folder.message(
        **changes
    )
    (folder.path / "external.tsv").write_text(EXTERNAL + EXTERNAL.splitlines()[1])
    message = folder.message(external_detections="external.tsv", **changes)
    assert "'nobody'; known: theirs, theirs (in external.tsv)" in message
    assert "external.tsv: theirs is listed more than once" in message


def test_the_proposer_of_the_submitted_variant_is_swept(folder: Folder) -> None:
    lines = {
        "baseline": variant(),
        "recognised": {"recognises": "baseline"},
        "runs": {"control": "runs", "panel": "outside"},
        "recognised_runs": {"recognises": "runs"},
        "dense": {"control": "dense"},
    }
    windows = {"windows": {"cells": 100, "snippet_seconds": 0.4}}
    folder.edit("classifiers", "own\ttrained\t\t\t\ttwo", "own\tsnippets\t\t\t\t")
    for name, expected in {
        "baseline": "baseline", "recognised": "baseline", "dense": None, "recognised_runs": None
    }.items():  # fmt: skip
        panels = {"outside": ["own"]}
        plan = folder.plan(variants=lines, panels=panels, submission={"variant": name}, **windows)
        assert plan.swept == expected
        if expected is not None:
            plan.refuse_sweep()
            continue
        with pytest.raises(UserError) as caught:
            plan.refuse_sweep()
        assert str(caught.value).startswith(f"submission.variant: {name} has no generator proposals")
        assert str(caught.value).endswith("to sweep, submit one of: baseline, recognised")
