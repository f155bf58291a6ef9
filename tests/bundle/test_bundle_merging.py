"""A bundle merges the detections of its generators as the run does."""

import json
from pathlib import Path

import numpy as np

from bsnpp.bundle.bundle import Bundle
from bsnpp.bundle.export import export_bundle
from bsnpp.bundle.loading import load
from bsnpp.bundle.plan import PLAN_FILE
from bsnpp.core.checksums import write_checked_text
from bsnpp.core.segments import Shares
from bsnpp.detection.merging import merge_parts
from bsnpp.detection.merging_settings import MergingSettings
from bsnpp.detection.scored_segments import Detections
from tests.bundle.run import CLASSES, make_run, video_features, video_scores


def changed_bundle(folder: Path, **detection: object) -> Bundle:
    """Return the bundle of a run with other keys of `detection`."""
    run = make_run(folder)
    plan = json.loads((run / PLAN_FILE).read_text())
    plan["detection"] |= {"per_video": 10_000, "nms": {"method": "none"}, **detection}
    write_checked_text(run / PLAN_FILE, json.dumps(plan))
    export_bundle(run, folder / "mine.zip")
    return load(folder / "mine.zip")


def test_a_bundle_merges_detections_as_the_run_does(tmp_path: Path) -> None:
    merging = MergingSettings(tiou=0.4, score="max")  # the only score that does not depend on the parts
    video = video_features(0), 90.0, video_scores(0)
    plain = changed_bundle(tmp_path / "plain").detect(*video)
    merged = changed_bundle(tmp_path / "merged", merging=merging.model_dump()).detect(*video)
    labels = np.array([CLASSES.index(label) for label in plain["label"]])
    segments = Shares(plain[["start", "end"]].to_numpy() / 90)
    expected = merge_parts([Detections(segments, plain["score"].to_numpy(), labels)], merging)
    assert len(merged) == len(expected) < len(plain)
    np.testing.assert_allclose(np.sort(merged["score"]), np.sort(expected.scores))
    own, theirs = (merged["end"] - merged["start"]).to_numpy(), 90 * np.diff(expected.segments, axis=1)[:, 0]
    np.testing.assert_allclose(np.sort(own), np.sort(theirs))
