"""The examples in config/README.md and the shipped configurations work as they are."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.challenge.config_files import merge
from bsnpp.challenge.load import load_challenge, load_plan
from bsnpp.challenge.plan import Plan
from bsnpp.training.settings import TrainingSettings
from tests.paths import CONFIG


@pytest.mark.parametrize("layout", ["activitynet", "bmn", "thumos", "csv"])
def test_the_annotation_example_of_every_layout_is_read(tmp_path: Path, layout: str) -> None:
    text = (CONFIG / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(rf"^`layout: {layout}` .*?^```(?:json|csv)\n(.*?)^```", text, re.M | re.S)
    (tmp_path / "annotations.json").write_text(shown)
    (tmp_path / "subsets.csv").write_text("video,subset\nv_one,training\n")
    table = str(tmp_path / "subsets.csv") if layout == "bmn" else None
    settings = {"layout": layout, "path": str(tmp_path / "annotations.json"), "subset_table": table}
    annotations = read_annotations(AnnotationSettings.model_validate(settings))
    (video,) = annotations.videos.itertuples()
    assert video.duration == 61.7 and video.extent == pytest.approx(61.7 * (1840 / 1851 if table else 1))
    (instance,) = annotations.instances.itertuples()
    assert (instance.start, instance.end, instance.label) == (10.5, 20.0, "Archery")


def template(folder: Path, monkeypatch: pytest.MonkeyPatch, grown: bool) -> Plan:
    """Return the plan of a copy of the template, with all commented lines enabled if `grown`."""
    mine = folder / "config/mine"
    shutil.copytree(CONFIG / "template", mine)
    for name in ("config.yaml", "encoders.tsv", "classifiers.tsv") if grown else ():
        text = (mine / name).read_text()
        (mine / name).write_text(re.sub(r"^( *)# (\w+(:|\t.*\t))", r"\1\2", text, flags=re.M))
    monkeypatch.chdir(folder)
    monkeypatch.setattr(Plan, "missing_files", lambda plan: [])
    return load_plan(yaml.safe_load((mine / "config.yaml").read_text()))


def test_the_template_is_a_complete_challenge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = template(tmp_path, monkeypatch, grown=False)
    assert plan.challenge.challenge == "mine" and list(plan.challenge.variants) == ["baseline"]
    files = ["data/annotations.json", "data/features"]
    assert sorted(plan.expected_files()) == files


def test_the_commented_lines_of_the_template_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = template(tmp_path, monkeypatch, grown=True)
    assert list(plan.challenge.variants) == ["baseline", "both", "A", "B", "C", "D"]
    assert list(plan.challenge.generators) == ["bsnpp", "bmn"]
    assert [classifier.classifier for classifier in plan.classifiers] == ["linear", "outside"]
    assert plan.challenge.scored_subsets == ("validation",)
    assert plan.challenge.blends["all"].members == ("mine/scratch", "other/scratch")


@pytest.mark.parametrize("path", sorted(CONFIG.glob("*/config.yaml")), ids=lambda path: path.parent.name)
def test_every_shipped_challenge_can_be_planned(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CONFIG.parent)
    monkeypatch.setattr(Plan, "missing_files", lambda plan: [])
    config = yaml.safe_load(path.read_text())
    if path.parent.name == "template":  # its sheets are where it is copied to
        config |= {
            "encoders": "config/template/encoders.tsv",
            "classifiers": "config/template/classifiers.tsv",
        }
    plan = load_plan(config)
    assert plan.challenge.challenge == {"template": "mine"}.get(path.parent.name, path.parent.name)


def test_the_layer_of_videos_encodes_every_encoder_but_the_baselines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CONFIG.parent)
    monkeypatch.setattr(Plan, "missing_files", lambda plan: [])
    monkeypatch.setattr("bsnpp.challenge.plan_checks.find_spec", lambda name: True)
    folder = CONFIG / "activitynet2020"
    config, layer = (yaml.safe_load((folder / name).read_text()) for name in ("config.yaml", "videos.yaml"))
    plan, videos = load_plan(config), load_plan({**config, **layer})
    assert videos.encoders == plan.encoders
    assert {row.encoder for row in videos.encoded} == set(plan.encoders) - {"tsn_anet"}
    for row in plan.streams:
        assert videos.stream(row.encoder, row.dataset, row.name).channels == row.channels
    assert {row.network for row in videos.encoded} == set(videos.challenge.networks)
    flow = {name: network.flow is not None for name, network in videos.challenge.networks.items()}
    assert all(flow[name] == ("flow" in name) for name in flow)


@pytest.mark.parametrize("name", ["hapt", "salads", "sbhar"])
def test_one_word_restores_the_paper_s_training(name: str) -> None:
    config = yaml.safe_load((CONFIG / name / "config.yaml").read_text())
    small = load_challenge(config).generators["bsnpp"].training
    assert (small.recipe, small.confidence_loss, small.reversal) == ("small_data", "bands", 0.5)
    layer = {"generators": {"bsnpp": {"training": {"recipe": "paper"}}}}
    paper = load_challenge(merge(config, layer)).generators["bsnpp"].training
    kept = {"batch_size": paper.batch_size, "stages": small.stages}
    assert paper.model_dump() == TrainingSettings(**kept).model_dump()


@pytest.mark.parametrize("name", ["activitynet2020", "activitynet_tsn", "thumos14", "demo", "template"])
def test_other_challenges_are_trained_by_the_paper_s_recipe(name: str) -> None:
    config = yaml.safe_load((CONFIG / name / "config.yaml").read_text())
    for section in load_challenge(config).generators.values():
        for training in (section.training, section.pretraining):
            assert (training.recipe, training.confidence_loss, training.reversal) == ("paper", "paper", 0.0)
