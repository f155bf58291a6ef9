"""The real ActivityNet annotations have the published numbers of videos and instances."""

import pytest

from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.annotations.settings import AnnotationSettings
from tests.paths import SHARED

REAL = SHARED / "data" / "activitynet"


@pytest.mark.skipif(not REAL.exists(), reason=f"no real annotations in {REAL}; set BSNPP_SHARED")
def test_real_annotations() -> None:
    annotations = read_annotations(
        AnnotationSettings(
            layout="bmn",
            path=str(REAL / "anet_anno_action.json.gz"),
            subset_table=str(REAL / "video_info_new.csv"),
            classes=str(REAL / "action_name.csv"),
        )
    )
    subsets = {name: annotations.subset(name) for name in ("training", "validation", "testing")}
    assert [len(videos) for videos, _ in subsets.values()] == [9649, 4728, 4851]
    assert [len(instances) for _, instances in subsets.values()] == [14859, 7293, 0]
    assert len(annotations.classes) == 200
    assert annotations.classes == sorted(set(annotations.instances["label"]))
    validation = subsets["validation"][1]
    assert (validation["start"] == validation["end"]).sum() == 3
    assert validation.duplicated().sum() == 17
    joined = annotations.instances.merge(annotations.videos, on="video")
    assert (joined["end"] > joined["duration"])[joined["subset"] == "validation"].sum() == 71
    relative = (joined["end"] - joined["start"]) / joined["duration"]
    shares = [(relative < 0.3).mean(), relative.between(0.3, 0.7).mean(), (relative > 0.7).mean()]
    assert [round(100 * share) for share in shares] == [48, 21, 31]
    assert {"v_UmAH95xls", "v_Vg4a8igc0", "QOlSCBRmfWY"} <= set(annotations.videos["video"])
