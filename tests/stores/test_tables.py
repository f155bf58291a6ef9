"""Tables of ground truth: exact on disk, and with the known numbers of the real ActivityNet annotations."""

from pathlib import Path

import pandas as pd
import pytest

from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.core.errors import UserError
from bsnpp.stores.tables import read_table, write_table
from tests.paths import SHARED

REAL = SHARED / "data" / "activitynet"


def test_tables_read_back_exactly(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "video": ["1", "NA", "é"],
            "start": [0.1 + 0.2, 1e-17, 82.730000000000004],
            "label": ["None", 'a "b"', "1.0"],
        }
    )
    write_table(tmp_path / "t.tsv", table)
    pd.testing.assert_frame_equal(read_table(tmp_path / "t.tsv"), table, check_exact=True)
    write_table(tmp_path / "t.tsv", table[:0])
    assert read_table(tmp_path / "t.tsv")["start"].dtype == float
    with pytest.raises(UserError, match="no such file"):
        read_table(tmp_path / "none.tsv")
    (tmp_path / "t.tsv").write_text("video\tstart\na\tsoon\n")
    with pytest.raises(UserError, match=r"t\.tsv: no table"):
        read_table(tmp_path / "t.tsv")


@pytest.mark.skipif(not REAL.exists(), reason=f"the real annotations are not in {REAL} (set BSNPP_SHARED)")
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


def test_a_file_without_a_column_of_videos_is_told(tmp_path: Path) -> None:
    (tmp_path / "annotations.json").write_text('{"database": {}}')
    with pytest.raises(UserError, match=r"annotations\.json: no table of videos.*no column video"):
        read_table(tmp_path / "annotations.json")
