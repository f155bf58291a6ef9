"""A sweep includes the configured settings, and its overlay reproduces every combination."""

from dataclasses import replace
from typing import Any

import numpy as np
import yaml

from bsnpp.challenge.model import Challenge
from bsnpp.detection.merging_settings import MergingSettings
from bsnpp.detection.settings import DetectionSettings
from bsnpp.detection.suppression.settings import NMS_PRESETS, NMSSettings
from bsnpp.detection.sweep import overlay, run_sweep, sweep_settings, sweep_table
from bsnpp.detection.sweep_settings import SweepSettings
from bsnpp.evaluation.detection import evaluate_detections
from tests.detection.ensembles import INSTANCES, ensemble
from tests.paths import ROOT

MINE = NMSSettings(sigma=0.3)


def test_every_combination_is_listed_once() -> None:
    sweep = SweepSettings(score=("paper",), class_fusion=("sqrt",), nms={"mine": MINE})
    tried = list(sweep_settings(DetectionSettings(nms=MINE), sweep))
    rows = {(one.score, one.class_fusion, one.nms) for one in tried}
    names = [*NMS_PRESETS, "mine"]
    assert rows == {(s, f, n) for s in ("own", "paper") for f in ("product", "sqrt") for n in names}
    assert len(rows) == len(tried)
    assert all(one.detection.class_fusion == one.class_fusion for one in tried)


def test_the_configured_settings_are_among_the_combinations_once() -> None:
    for nms in (NMSSettings(), NMSSettings(sigma=0.123)):
        detection = DetectionSettings(nms=nms, class_fusion="sqrt")
        sweep = SweepSettings(score=("recall",), class_fusion=("product",))
        used = [one for one in sweep_settings(detection, sweep) if one.equals(detection)]
        assert [one.nms for one in used] == ["detection" if nms == NMSSettings() else "configured"]


def test_every_combination_is_evaluated_as_its_detections_are() -> None:
    several, detection = ensemble(2), DetectionSettings(ensemble="rank")
    combinations = list(
        sweep_settings(detection, SweepSettings(score=("detection",), class_fusion=("sqrt",)))
    )
    results = run_sweep(several, combinations, INSTANCES, [0.3, 0.5])
    for setting, scores in results:
        scored = replace(several, scores=setting.scores(several.scores))
        candidates = list(scored.candidates(setting.detection))
        calibrations = scored.calibrations(candidates, setting.detection, INSTANCES)
        table = scored.detections(candidates, setting.detection, calibrations)
        expected = evaluate_detections(INSTANCES, table, [0.3, 0.5])
        np.testing.assert_array_equal(scores.map, expected.map)
    table = sweep_table(results, detection)
    assert table["in_use"].sum() == 1 and len(table) == len(combinations)
    assert (np.diff(table["average_map"]) <= 0).all()


def test_mergings_are_compared_with_the_configured_one_and_with_none() -> None:
    loose, strict = MergingSettings(tiou=0.3), MergingSettings(tiou=0.8)
    sweep = SweepSettings(score=("own",), class_fusion=("product",), merging={"loose": loose})
    detection = DetectionSettings(merging=strict, ensemble="rank")
    combinations = list(sweep_settings(detection, sweep))
    tried = {one.nms: one.detection.merging for one in combinations}
    assert len(tried) == len(combinations) == 3 * len(NMS_PRESETS)
    assert (tried["bsn"], tried["bsn after loose"], tried["bsn without merging"]) == (strict, loose, None)
    assert [one.nms for one in combinations if one.equals(detection)] == ["detection"]
    several = ensemble(2)
    for setting, scores in run_sweep(several, combinations, INSTANCES, [0.3, 0.5]):
        candidates = list(several.candidates(setting.detection))
        calibrations = several.calibrations(candidates, setting.detection, INSTANCES)
        table = several.detections(candidates, setting.detection, calibrations)
        np.testing.assert_array_equal(scores.map, evaluate_detections(INSTANCES, table, [0.3, 0.5]).map)


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Merge two configurations as Snakemake does; `over` takes precedence."""
    both = {
        key: merged(base[key], over[key]) for key in base.keys() & over.keys() if isinstance(over[key], dict)
    }
    return {**base, **over, **both}


def test_the_overlay_reproduces_every_combination() -> None:
    config = yaml.safe_load((ROOT / "config/demo/config.yaml").read_text())
    before = Challenge.model_validate(config)
    own = tuple(section.score or before.detection.score for section in before.generators.values())
    sweep = SweepSettings(nms={"mine": MINE}, merging={"loose": MergingSettings(tiou=0.3)})
    for one in sweep_settings(before.detection, sweep):
        over = yaml.safe_load(
            yaml.safe_dump(overlay(one, before.detection, dict(zip(before.generators, own, strict=True))))
        )
        after = Challenge.model_validate(merged(config, over))
        assert after.detection.weighing == before.detection.weighing  # the weights stay
        assert after.detection.detecting == one.detection.detecting
        again = overlay(one, after.detection, {})["detection"]
        assert {key: again[key] for key in again if key.startswith("weighing")} == {
            key: over["detection"][key] for key in over["detection"] if key.startswith("weighing")
        }, "a second sweep keeps them too"
        weighing = [section.weighed_by or section.score for section in after.generators.values()]
        assert one.score == "own" or tuple(weighing) == own
        scores = [section.score or after.detection.score for section in after.generators.values()]
        assert tuple(scores) == one.scores(own)
