"""A stage runs again if its inputs, its own settings or its own code changed, and only then."""

import os
import re

from tests.workflow.project import Project, tiny_config

DETECTION = {"detect", "evaluate_variant", "compare_ensembles", "write_ablation"}
DETECTION |= {"write_submission", "validate_submission"}
SUMMARY = {"write_manifest", "write_report"}
DRAWINGS = {"draw_ablation", "draw_recall", "draw_timeline", "draw_classes", "draw_diagnosis", "draw_videos"}
LEARNING = {"train_generator", "train_classifier", "predict_maps"}


def test_words_rerun_nothing(finished: Project) -> None:
    finished.edit("bsnpp/core/grid.py", '"""', '"""Reworded. ')
    finished.edit("bsnpp/training/trainer.py", "\nimport ", "\n# Another comment.\nimport ")
    finished.edit("bsnpp/models/settings.py", 'description="N, ', 'description="reworded: N, ')
    finished.edit("scripts/training/train_generator.py", '"""', '"""Reworded. ')
    assert not finished.jobs().count


def test_an_edit_of_the_suppression_reruns_what_uses_it(finished: Project) -> None:
    finished.edit("bsnpp/detection/suppression/soft_nms.py", "\nimport ", "\nimport os\nimport ")
    jobs = finished.jobs()
    weighing = {"weigh_encoders", "fuse_maps", "draw_weights", "draw_maps", "weigh_classifiers", "draw_panel"}
    assert jobs.rules == {*weighing, *DETECTION, "draw_complements", *DRAWINGS, *SUMMARY}
    assert "now: 'bsnpp.detection.suppression.soft_nms=" in jobs.text, "the reason does not name the module"


def test_an_edit_of_the_evaluation_retrains_nothing(finished: Project) -> None:
    finished.edit("bsnpp/evaluation/overlap.py", "\nimport ", "\nimport os\nimport ")
    jobs = finished.jobs()
    assert {"weigh_encoders", "evaluate_variant"} <= jobs.rules
    assert not jobs.rules & LEARNING


def test_an_edit_of_the_model_retrains_generators_alone(finished: Project) -> None:
    finished.edit("bsnpp/models/boundary_matching.py", "\nimport ", "\nimport os\nimport ")
    jobs = finished.jobs()
    assert jobs.count["train_generator"] == 5
    assert not jobs.rules & {"train_classifier", "rescale_features", "read_annotations", "weigh_classifiers"}


def test_an_edit_of_a_network_retrains_its_own_generator_alone(finished: Project) -> None:
    finished.edit("bsnpp/models/bmn.py", "\nimport ", "\nimport os\nimport ")
    jobs = finished.jobs()
    assert jobs.trainings == {"bmn/sharp/scratch"}
    assert "maps of bsnpp" not in jobs.text and "draw_sampling" not in jobs.rules
    assert "now: 'bsnpp.models.bmn=" in jobs.text, "the reason does not name the module"


def test_an_edit_of_the_losses_retrains_every_generator(finished: Project) -> None:
    finished.edit("bsnpp/models/losses.py", "\nimport ", "\nimport os\nimport ")
    assert finished.jobs().count["train_generator"] == 5


def test_a_learning_rate_retrains_its_generator_alone(finished: Project) -> None:
    config = tiny_config()
    config["generators"]["bmn"]["training"] = {
        **config["generators"]["bmn"]["training"],
        "stages": [{"epochs": 2, "learning_rate": 0.002}],
    }
    finished.configure(config)
    jobs = finished.jobs()
    assert jobs.trainings == {"bmn/sharp/scratch"}
    assert "maps of bsnpp" not in jobs.text


def test_a_number_that_yaml_reads_as_text_is_that_number(finished: Project) -> None:
    config = tiny_config()
    for section in config["generators"].values():
        for stage in section["training"]["stages"]:
            stage["learning_rate"] = "1e-3"  # without a point YAML calls it text
    finished.configure(config)
    assert not finished.jobs().rules


def test_what_no_result_depends_on_reruns_nothing(finished: Project) -> None:
    finished.configure({**tiny_config(), "compute": {"resident_gib": 0.25}})
    assert not finished.jobs().rules
    forced = finished.snakemake("-n", "-p", "--forcerun", "train_generator")
    assert "--resident-gib 0.25 " in forced.text


def test_an_edited_table_of_groups_reruns_only_the_resampling(finished: Project) -> None:
    table = finished.folder / "groups.tsv"
    videos = finished.read_annotations()["database"]
    table.write_text("video\tgroup\n" + "".join(f"{video}\t{video[:1]}\n" for video in videos))
    finished.configure({**tiny_config(), "groups": "groups.tsv"})
    resampled = {"evaluate_variant", "compare_ensembles", "write_ablation", "draw_ablation", "draw_recall"}
    resampled |= {"draw_classes", *SUMMARY}
    assert finished.jobs().rules == resampled
    done = finished.snakemake()
    assert done.code == 0, done.text
    assert not finished.jobs().rules
    table.write_text(table.read_text().replace("\t", "\tg"))
    assert finished.jobs().rules == resampled


def test_another_scale_or_variant_trains_nothing(finished: Project) -> None:
    config = tiny_config()
    config["scales"]["regimes"] = [{"below": 60, "scale": 6}, {"below": 100, "scale": 7}, {"scale": 8}]
    config["variants"]["mine"] = {"generators": {"bsnpp": "three"}, "scales": 7, "panel": "own"}
    finished.configure(config)
    jobs = finished.jobs()
    assert {"rescale_features", "predict_maps", "detect"} <= jobs.rules
    assert jobs.count["rescale_features"] == 4, "two encoders, validation and test, at the new scale alone"
    assert not jobs.rules & {"train_generator", "train_classifier"}


def test_words_of_the_submission_rerun_it_alone(finished: Project) -> None:
    config = tiny_config()
    config["submission"] = {**config["submission"], "external_data": "other words"}
    finished.configure(config)
    assert finished.jobs().rules == {"write_submission", "validate_submission", "describe_export", *SUMMARY}


def edit_annotation(project: Project, subset: str) -> None:
    """Move one annotated end in one video of a subset."""
    content = project.read_annotations()
    videos = (entry for entry in content["database"].values() if entry["subset"] == subset)
    segment = next(entry for entry in videos if entry["annotations"])["annotations"][0]["segment"]
    segment[1] -= 0.01 * (segment[1] - segment[0])
    project.write_annotations(content)


def test_an_edited_test_video_trains_no_generator(finished: Project) -> None:
    edit_annotation(finished, "testing")
    jobs = finished.jobs()
    assert jobs.count["read_annotations"] == 1
    assert not jobs.rules & {"list_classes", "train_generator"}


def test_an_edited_training_video_retrains(finished: Project) -> None:
    edit_annotation(finished, "training")
    jobs = finished.jobs()
    assert {"list_classes", "train_classifier"} <= jobs.rules
    assert jobs.trainings == {  # and not bsnpp/sharp/pretraining
        "bsnpp/sharp/scratch", "bsnpp/sharp/pretrained", "bsnpp/smooth/scratch", "bmn/sharp/scratch"
    }  # fmt: skip


def test_a_changed_class_list_trains_no_generator(finished: Project) -> None:
    with (finished.folder / "classes.txt").open("a") as file:
        file.write("Another class\n")
    jobs = finished.jobs()
    assert {"list_classes", "train_classifier", "import_scores"} <= jobs.rules
    assert "train_generator" not in jobs.rules


def test_only_the_content_of_the_features_of_used_videos_counts(finished: Project) -> None:
    folder = finished.folder / "data/simulated/features/sharp/challenge/rgb"
    videos = finished.read_annotations()["database"].items()
    tested = next(video for video, entry in videos if entry["subset"] == "testing")
    path = next(folder.glob(f"*{tested}.*"))
    content, state = path.read_bytes(), path.stat()
    for file in folder.iterdir():
        file.touch()
    (folder / "notes.txt").write_text("unrelated")
    (folder / "another_video.npy").write_text("unrelated")
    assert not finished.jobs().rules
    finished.configure(tiny_config() | {"features": {"fingerprint": "content"}})
    assert not finished.jobs().rules
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    jobs = finished.jobs()
    shown = r"now: \['data/simulated/features/sharp/challenge/rgb: \d+ files, [\d,]+ bytes \("
    assert re.search(shown, jobs.text)
    assert "features of smooth" not in jobs.text
    assert not jobs.rules & {"train_generator", "weigh_encoders"}, "only a test video changed"
    assert jobs.count["rescale_features"] in (1, 2), "at the scale of training, and at that of its duration"
    finished.configure(tiny_config())
    assert finished.jobs().count == jobs.count
    path.write_bytes(content)
    assert not finished.jobs().rules


def test_a_changed_score_file_trains_nothing(finished: Project) -> None:
    (finished.folder / "data/simulated/classifiers/beta.json").write_text("{}")
    jobs = finished.jobs()
    assert jobs.count["import_scores"] == 1
    assert not jobs.rules & {"train_generator", "train_classifier", "fuse_maps"}


def test_a_dry_run_before_the_first_run_reads_and_writes_nothing(finished: Project) -> None:
    finished.configure({**tiny_config(), "results": "results/another"})
    jobs = finished.jobs()
    assert jobs.count["rescale_features"] > 5
    assert not (finished.folder / "results/another").exists()
