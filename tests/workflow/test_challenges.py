"""The choice of the challenge, its targets, and the plan of the paper's submission."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml

from bsnpp.challenge.gpu import gpu_fault
from bsnpp.challenge.load import load_plan
from bsnpp.challenge.plan import Plan
from tests.workflow.project import (
    ANNOTATIONS,
    ROOT,
    SNAKEMAKE,
    Jobs,
    Project,
    copy_code,
    simulated_config,
    tiny_config,
    write_sheets,
)

PAPER = "config/activitynet2020/config.yaml"
TABLE_2 = [
    "tsm_resnest101_k600",
    "tsm_resnest269_k600",
    "tsm_resnest269_anet",
    "tsn_bninception_k600",
    "slowfast101_k600",
    "slowfast101_k700",
    "tin_resnet101_k700",
    "p3d_resnet152",
]
PRETRAINED = [TABLE_2[index] for index in (0, 1, 3, 4, 5)]


def paper_plan() -> Plan:
    """Return the plan of the paper's submission without checking for missing files."""
    config = yaml.safe_load((ROOT / PAPER).read_text())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setattr(Plan, "missing_files", lambda plan: [])
        return load_plan(config)


def write_annotations(path: Path) -> None:
    instance = {"segment": [1.0, 9.0], "label": "Archery"}
    videos = {
        f"{subset}_{number}": {"subset": subset, "duration": 50.0, "annotations": [instance]}
        for subset in ("training", "validation", "testing")
        for number in range(2)
    }
    path.write_text(json.dumps({"version": "1.3", "taxonomy": [], "database": videos}))


@pytest.fixture
def paper(tmp_path: Path) -> Project:
    """A folder with the paper's configuration and tiny files in the right layout."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    plan = paper_plan()
    streams = {row.path: row.channels for row in plan.streams}
    assert plan.challenge.pretraining is not None
    annotated = {plan.challenge.annotations.path, plan.challenge.pretraining.path}
    for name in plan.expected_files():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name in streams:
            path.mkdir()
            np.save(path / "v_training_0.npy", np.zeros((2, streams[name]), dtype=np.float32))
        elif name in annotated:
            write_annotations(path)
        else:
            path.write_text(json.dumps({"class": ["Archery"], "results": {"validation_0": [1.0]}}))
    return Project(ROOT, tmp_path)


def test_the_submission_of_the_paper_is_planned(paper: Project) -> None:
    jobs = paper.jobs(PAPER)
    members = ["tsn_anet/scratch"]
    members += [f"{name}/{'pretrained' if name in PRETRAINED else 'scratch'}" for name in TABLE_2]
    members += [f"{name}/pretraining" for name in PRETRAINED]
    assert jobs.trainings == {f"{generator}/{name}" for generator in ("bsnpp", "bmn") for name in members}
    models, scales, panels, variants = 2 * 8, 3, 2, 7
    assert jobs.count == {
        "read_annotations": 4,
        "list_classes": 1,
        # three subsets and the pre-training set at 100 cells; validation and test at 30 and 80
        "list_scale_videos": 4 + 2 * 2,
        "rescale_features": 3 + 8 * (3 + 2 * 2) + len(PRETRAINED),
        "list_features": 3 + 8 * 3 + len(PRETRAINED),
        "train_generator": 2 * len(members),
        "predict_maps": 2 * (2 + models * scales),
        "weigh_encoders": 4,
        "fuse_maps": 2 * (2 + 2 * scales),
        "import_scores": 9,
        "weigh_classifiers": panels,
        "detect": variants,
        "evaluate_variant": variants,
        "write_submission": 1,
        "validate_submission": 1,
        "write_ablation": 1,
        "compare_ensembles": 1,
        "draw_complements": 1,
        "draw_ablation": 1,
        "draw_classes": 1,
        "draw_diagnosis": 1,
        "draw_maps": 2,
        "draw_panel": 1,
        "draw_recall": 1,
        "draw_sampling": 1,
        "draw_timeline": 1,
        "draw_training": 1,
        "draw_videos": 1,
        "describe_export": 1,
        "draw_weights": 4,
        "write_manifest": 1,
        "write_report": 1,
    }


def test_every_missing_file_of_the_paper_is_reported(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    outcome = Project(ROOT, tmp_path).snakemake("--dry-run", config=PAPER)
    assert outcome.code == 1 and outcome.text.count("error: ") == 1
    expected = paper_plan().expected_files()
    assert len(expected) == 48
    for path, meaning in expected.items():
        assert f"\n  {path}: {meaning}\n" in outcome.text


def with_gpus_in_messages(project: Project) -> Project:
    """Show the reserved GPUs in the messages of training and inference."""
    for stage in ("training", "inference"):
        file = f"workflow/rules/{stage}.smk"
        text = (project.code / file).read_text()
        (message,) = re.findall(r'message:\n +"', text)
        project.edit(file, message, f"{message}{{resources.gpu}} GPUs: ")
    return project


@pytest.mark.parametrize(("device", "gpus"), [("cuda", 1), ("cpu", 0)])
def test_gpus_are_reserved_only_if_they_are_used(tmp_path: Path, device: str, gpus: int) -> None:
    config = {**simulated_config(), "compute": {"device": device}}
    project = with_gpus_in_messages(Project(copy_code(tmp_path / "code"), tmp_path))
    write_sheets(tmp_path, "data/simulated")
    project.configure(config)
    outcome = project.snakemake("--dry-run", "train", "fuse")
    assert outcome.code == 0, outcome.text
    for words in ("Training", "Predicting"):
        assert set(re.findall(rf"(\d+) GPUs: {words}", outcome.text)) == {str(gpus)}


@pytest.mark.skipif(gpu_fault() is None, reason="this machine has a GPU")
def test_a_missing_gpu_stops_the_run_before_any_job(finished: Project) -> None:
    finished.configure({**tiny_config(), "compute": {"device": "cuda"}})
    outcome = finished.snakemake("train")
    assert outcome.code == 1 and "error: compute.device: cuda, but " in outcome.text, outcome.text
    assert "Traceback" not in outcome.text and "Execute" not in outcome.text
    assert finished.snakemake("results/tiny/annotations/classes.txt").code == 0, "it needs no GPU"
    finished.configure({**tiny_config(), "compute": {"device": "auto"}})
    assert not finished.jobs().trainings, "auto is the CPU here"


@pytest.mark.parametrize(("way", "readers"), [("concatenate", set()), ("rank", {"D", "upper_bound"})])
def test_detection_reads_the_ground_truth_only_to_calibrate_scores(
    tmp_path: Path, way: str, readers: set[str]
) -> None:
    config = simulated_config()
    config["detection"] = {**config.get("detection", {}), "ensemble": way}
    project = Project(ROOT, tmp_path)
    write_sheets(tmp_path, "data/simulated")
    project.configure(config)
    outcome = project.snakemake("--dry-run", "submit", "evaluate")
    assert outcome.code == 0, outcome.text
    reasons = dict(re.findall(r"Detecting actions: (\w+)\nReason: (.*)\n", outcome.text))
    assert set(reasons) == set(config["variants"])
    assert {name for name, made in reasons.items() if "validation.instances" in made} == readers


def test_the_table_of_groups_is_never_simulated(tmp_path: Path) -> None:
    project = Project(ROOT, tmp_path)
    write_sheets(tmp_path, "data/simulated")
    project.configure({**simulated_config(), "groups": "groups.tsv"})
    missing = project.snakemake("--dry-run")
    assert missing.code == 1 and "groups.tsv: table of video and group" in missing.text
    (tmp_path / "groups.tsv").write_text("video\tgroup\n")
    done = project.snakemake(ANNOTATIONS)
    assert done.code == 0, done.text
    assert (tmp_path / "groups.tsv").read_text() == "video\tgroup\n"


def test_the_demo_runs_without_a_configuration(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    project = Project(ROOT, tmp_path)
    snakefile = ROOT / "workflow/Snakefile"
    jobs = Jobs(project.run(SNAKEMAKE, "--dry-run", "--snakefile", snakefile))
    assert jobs.count["simulate"] == 1
    assert "results/demo/submission.valid.txt" in jobs.text


def test_nothing_of_the_demo_is_used_in_another_challenge(finished: Project) -> None:
    config = tiny_config()
    baseline = {"generators": {"bsnpp": "single"}, "panel": "own"}
    small = {
        name: config[name] for name in ("challenge", "results", "annotations", "encoders", "classifiers")
    }
    small |= {
        "scales": config["scales"],
        "generators": {"bsnpp": config["generators"]["bsnpp"]},
        "blends": {"single": ["sharp/scratch"]},
        "panels": {"own": ["own"]},
        "variants": {"baseline": baseline},
        "submission": {"variant": "baseline"},
    }
    finished.configure(small)
    shutil.rmtree(finished.folder / "results")
    jobs = finished.jobs()
    assert jobs.trainings == {"bsnpp/sharp/scratch"}
    assert jobs.count["detect"] == 1 and jobs.count["read_annotations"] == 3
    assert not jobs.rules & {"simulate", "import_scores"}


def test_a_layer_overrides_the_first_file(finished: Project) -> None:
    overlay = finished.configure(
        {"generators": {"bmn": {"model": {"confidence_channels": 4}}}}, "overlay.yaml"
    )
    jobs = finished.jobs(f"tiny.yaml {overlay}")
    assert jobs.trainings == {"bmn/sharp/scratch"}


def test_every_target_can_be_planned(finished: Project) -> None:
    shutil.rmtree(finished.folder / "results")
    expected = {
        "train": "train_generator",
        "fuse": "fuse_maps",
        "classify": "weigh_classifiers",
        "submit": "validate_submission",
        "evaluate": "write_ablation",
        "manifests": "list_features",
    }
    for target, rule in expected.items():
        assert rule in Jobs(finished.snakemake("--dry-run", target)).rules
