"""Inputs that public bug reports suggested, each with the right value; the tests of each room have copies.

| case | tests without these files |
|---|---|
| 01, 08, 13, 21 | tests/features/test_csv_files.py, test_streams.py, test_importers.py |
| 02, 07, 19 | tests/annotations/test_flat.py, test_faults.py |
| 09, 16 | tests/core/test_class_list.py, tests/annotations/test_exclusion.py |
| 03 | tests/windows/test_tables.py, tests/training/test_instances.py, tests/inspection/test_inspect.py |
| 05, 07 | tests/classification/test_outside_results.py, tests/core/test_json_text.py |
| 12 | tests/detection/test_external_files.py, tests/evaluation/test_screening.py |
| 20 | tests/features/test_manifest.py, tests/inspection/test_inspect.py |
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.bundle.inputs import read_durations
from bsnpp.classification.outside_results import read_scores
from bsnpp.core.class_list import read_classes, write_classes
from bsnpp.core.errors import UserError
from bsnpp.detection.external_files import read_external
from bsnpp.features.manifest import flag_lengths, list_stream, rate_of
from bsnpp.features.settings import StreamSource
from bsnpp.features.streams import StreamReader, open_source
from bsnpp.training.instances import instances_by_video
from bsnpp.windows.settings import WindowSettings
from bsnpp.windows.tables import cut_recordings
from tests.paths import SHARED

CASES = SHARED / "cases"
if not CASES.is_dir():
    pytest.skip(f"no cases in {CASES}; set BSNPP_SHARED", allow_module_level=True)


def stream(case: str, channels: int) -> StreamSource:
    return StreamSource(name="rgb", path=str(CASES / case / "feat"), channels=channels)


def reader(case: str, channels: int) -> StreamReader:
    return open_source(stream(case, channels))


def annotations(case: str, layout: str = "activitynet", **keys: Any) -> AnnotationSettings:
    return AnnotationSettings.model_validate({"layout": layout, "path": str(CASES / case / "a.json"), **keys})


def test_01_a_header_of_numbers_is_no_snippet() -> None:
    values = reader("01_csv_numeric_header", 3).read("a")
    np.testing.assert_array_equal(values, [[5, 6, 7], [8, 9, 10]])


def test_02_a_feature_frame_that_counts_rows_is_refused_with_both_numbers() -> None:
    case = "02_feature_frame_is_rows"
    with pytest.raises(UserError, match=r"feature_frame(?s:.*)100(?s:.*)3000"):
        read_annotations(annotations(case, "bmn", subset_table=str(CASES / case / "s.csv")))


def test_03_an_instance_behind_the_end_is_left_out_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    videos, instances = read_annotations(annotations("03_annotation_behind_the_end")).subset("training")
    options = WindowSettings(cells=64, cell_seconds=0.8, snippet_seconds=0.4)
    tables = cut_recordings(videos, instances, options)
    assert tables.outside[["start", "end"]].to_numpy().tolist() == [[120, 130]]
    assert (tables.instances["end"] > tables.instances["start"]).all()
    with caplog.at_level("WARNING"):
        segments = instances_by_video(videos, instances)["a"].segments
    np.testing.assert_allclose(segments, [[0.1, 0.3]])
    assert "left out, the first in a at 120 to 130 s" in caplog.text


def test_05_a_list_of_probabilities_is_not_taken_for_logits() -> None:
    case = CASES / "05_logits_top_list"
    classes = read_classes(case / "c.txt", required=False)
    with pytest.raises(UserError, match="set the column `scores` to `probabilities`"):
        read_scores(case / "s.json", classes, ["a"], "logits")
    read = read_scores(case / "s.json", classes, ["a"], "probabilities")
    shares = np.exp(read.logits[0]) / np.exp(read.logits[0]).sum()
    assert shares.max() == pytest.approx(0.918, abs=5e-4)
    assert classes[int(shares.argmax())] == "c1"


def test_07_a_video_twice_is_refused_with_both_places() -> None:
    case = CASES / "07_json_key_twice"
    with pytest.raises(UserError, match=r"key 'b' occurs more than once \(keys 2 and 3 of 3\)"):
        read_annotations(annotations(case.name))
    with pytest.raises(UserError, match=r"key 'a' occurs more than once \(keys 1 and 2 of 2\)"):
        read_scores(case / "s.json", ["c0", "c1"], ["a"], "probabilities")


def test_08_a_square_array_has_the_orientation_of_its_neighbours() -> None:
    opened = reader("08_square_channels_first", 3)
    for video, snippets in (("a", 3), ("b", 4)):
        np.testing.assert_array_equal(opened.read(video), np.tile([0.0, 1.0, 2.0], (snippets, 1)))


def test_09_a_class_may_be_called_action(tmp_path: Path) -> None:
    case = CASES / "09_class_called_action"
    truth = read_annotations(annotations(case.name))
    write_classes(tmp_path / "classes.txt", truth.classes)
    classes = read_classes(tmp_path / "classes.txt")
    assert classes == ["action", "jump"]
    table, _ = read_external(case / "d.json", truth.subset("validation")[0], classes)
    assert table["label"].tolist() == ["action"]


def test_12_a_published_submission_is_clipped_and_counted() -> None:
    case = CASES / "12_external_as_published"
    videos, classes = read_durations(case / "v.tsv"), read_classes(case / "c.txt", required=False)
    table, notes = read_external(case / "d.json", videos, classes)
    assert table[["start", "end"]].to_numpy().tolist() == [[1, 60], [2, 9]]
    assert sorted(note.partition(":")[0] for note in notes) == [
        "exact duplicates",
        "segments that reach outside their video",
        "videos outside the subset without predictions",
    ]
    with pytest.raises(UserError, match="reaches outside"):
        read_external(case / "d.json", videos, classes, "strict")


def test_13_an_id_may_have_a_space() -> None:
    source = stream("13_video_id_with_space", 2).model_copy(update={"first_axis": "time"})
    assert open_source(source).read("my video").shape == (2, 2)


def test_16_a_line_that_excludes_nothing_is_named() -> None:
    case = "16_exclude_matches_nothing"
    with pytest.raises(UserError, match=r"line 1: 'c\.mp4'; did you mean 'c'\?"):
        read_annotations(annotations(case, exclude=str(CASES / case / "x.txt")))


def test_19_segments_in_shares_are_refused() -> None:
    with pytest.raises(UserError, match="are these shares of the duration"):
        read_annotations(annotations("19_segments_as_shares"))


def test_20_twice_as_many_snippets_are_flagged() -> None:
    case = "20_features_longer_than_promised"
    videos = read_durations(CASES / case / "v.tsv")
    pairs = zip(videos["video"], videos["duration"], strict=True)
    entries = list(list_stream(stream(case, 2), pairs))
    flags = {entry.video: entry.flag for entry in flag_lengths(entries, rate_of(entries))}
    assert {video for video, flag in flags.items() if flag} == {"v7"} and flags["v7"] == "long"


def test_21_two_names_of_a_video_are_refused() -> None:
    with pytest.raises(UserError, match="v_a and a; keep one"):
        reader("21_both_names_there", 2).read("a")
