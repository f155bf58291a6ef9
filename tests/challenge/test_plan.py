"""A challenge with its sheets: scales and durations, members, features, missing files, what is swept."""

import pytest

from bsnpp.challenge.refusals import refuse_scale_search, refuse_sweep
from bsnpp.core.errors import UserError
from tests.challenge.plans import EXTERNAL, Folder, variant


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
    assert [member.name for member in plan.members("both")] == ["one/pretrained", "two/scratch"]


def test_the_seed_of_a_member_its_generator_or_all(folder: Folder) -> None:
    generators = {
        name: {"model": {"architecture": "bsnpp"}, **given}
        for name, given in (("bsnpp", {}), ("other", {"seed": 7}))
    }
    plan = folder.plan(
        compute={"seed": 5}, generators=generators, blends={"single": ["one/scratch", "one/scratch_seed0"]}
    )
    seeds = {
        name: [plan.seed(name, member) for member in [*plan.members("single"), None]] for name in generators
    }
    assert seeds == {"bsnpp": [5, 0, 5], "other": [7, 0, 7]}


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


def test_the_features_and_classifiers_that_the_recogniser_of_whole_videos_uses(folder: Folder) -> None:
    variants = {"baseline": variant(), "again": {"recognises": "baseline"}}
    panels = {"outside": ["cuhk"], "own": ["own"]}

    def encoders(**recognition: object) -> set[str]:
        plan = folder.plan(variants=variants, panels=panels, recognition=recognition)
        return {encoder for encoder, _ in plan.imports}

    assert encoders() == {"one", "two"}
    assert encoders(encoders=["one"]) == {"one"}
    assert encoders(encoders=["one"], panel="own") == {"one", "two"}, "own is trained on the encoder two"


def test_the_scales_of_each_variant(folder: Folder) -> None:
    plan = folder.plan(
        variants={"baseline": variant(), "C": variant(scales="by_duration"), "E": variant(scales=64)}
    )
    scales = {name: plan.scales_of(one) for name, one in plan.challenge.variants.items()}
    assert scales == {"baseline": [100], "C": [30, 80, 100], "E": [64]}


def test_a_scale_is_needed_for_the_durations_of_every_variant(folder: Folder) -> None:
    plan = folder.plan(variants={"baseline": variant(), "C": variant(scales="by_duration")})
    assert plan.durations_at(30, "testing") == [(0.0, 30.0)]
    assert plan.durations_at(80, "testing") == [(30.0, 120.0)]
    assert plan.durations_at(100, "testing") == [(0.0, None)], "all videos at the training scale"
    plan = folder.plan(variants={"baseline": variant(scales=80), "C": variant(scales="by_duration")})
    assert plan.durations_at(80, "testing") == [(0.0, None)], "one variant takes all videos at 80 cells"


def test_all_videos_are_trained_on_at_every_scale_of_training(folder: Folder) -> None:
    plan = folder.plan(
        scales={
            "training": 100,
            "further_training": [30, 50],
            "regimes": [{"below": 9, "scale": 30}, {"scale": 100}],
        },
        variants={"baseline": variant(scales="by_duration")},
    )
    for subset, at_30, at_50 in (
        ("training", [(0.0, None)], [(0.0, None)]),
        ("pretraining", [(0.0, None)], [(0.0, None)]),
        ("validation", [(0.0, 9.0)], []),
        ("testing", [(0.0, 9.0)], []),
    ):
        assert (plan.durations_at(30, subset), plan.durations_at(50, subset)) == (at_30, at_50)


def test_two_regimes_may_share_a_scale(folder: Folder) -> None:
    regimes = [{"below": 10, "scale": 40}, {"below": 60, "scale": 80}, {"scale": 40}]
    plan = folder.plan(
        scales={"training": 100, "regimes": regimes}, variants={"baseline": variant(scales="by_duration")}
    )
    assert plan.scales_of(plan.challenge.variants["baseline"]) == [40, 80]
    assert plan.durations_at(40, "testing") == [(0.0, 10.0), (60.0, None)]


def test_validation_needs_all_videos_at_the_scales_that_are_tried(folder: Folder) -> None:
    plan = folder.plan(
        variants={"baseline": variant(scales="by_duration")}, scale_search={"scales": [60, 30]}
    )
    assert plan.tried_scales == [30, 60, 80, 100]
    assert [plan.durations_at(scale, "validation") for scale in plan.tried_scales] == [[(0.0, None)]] * 4
    assert plan.durations_at(30, "testing") == [(0.0, 30.0)] and plan.durations_at(60, "testing") == []
    refuse_scale_search(plan)
    plan = folder.plan(variants={"baseline": variant(scales=64)}, scale_search={"scales": [60]})
    assert plan.tried_scales == [30, 60, 64, 80, 100], "the rule in use and the section `scales`, too"
    plan = folder.plan(variants={"baseline": variant(scales="by_duration")})
    assert plan.tried_scales == []
    with pytest.raises(UserError, match=r"scale_search\.scales: list numbers of cells"):
        refuse_scale_search(plan)


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
            refuse_sweep(plan)
            continue
        with pytest.raises(UserError) as caught:
            refuse_sweep(plan)
        assert str(caught.value).startswith(f"submission.variant: {name} has no generator proposals")
        assert str(caught.value).endswith("to sweep, submit one of: baseline, recognised")
