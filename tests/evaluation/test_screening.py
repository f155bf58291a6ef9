from typing import Any

import pandas as pd
import pytest

from bsnpp.core.errors import UserError
from bsnpp.evaluation.predictions import Predictions
from bsnpp.evaluation.screening import Reading, Screened, screen_predictions

VIDEOS = pd.DataFrame({"video": ["a", "b", "v_c"], "duration": [10.0, 20.0, 30.0]})
CLASSES = ["run", "sit down"]
RUN = ("a", "run", 0.5, 1.0, 2.0)
FITTING = [RUN, ("b", "run", 0.5, 1.0, 2.0), ("v_c", "sit down", 0.5, 1.0, 20.0)]
Row = tuple[str, str, float, float, float]


def screen(rows: list[Row], reading: Reading = "lenient", listed: Any = None) -> Screened:
    """Screen rows of video, label, score, start and end."""
    table = pd.DataFrame(rows, columns=["video", "label", "score", "start", "end"])
    videos = list(dict.fromkeys(table["video"])) if listed is None else listed
    return screen_predictions(Predictions("S.json", table, videos), VIDEOS, CLASSES, "validation", reading)


def rows_of(screened: Screened) -> list[Row]:
    return list(screened.table.itertuples(index=False, name=None))


@pytest.mark.parametrize("reading", ["lenient", "strict", "verbatim"])
def test_predictions_that_fit_pass_unchanged_and_without_notes(reading: Reading) -> None:
    screened = screen(FITTING, reading)
    assert (rows_of(screened), screened.notes) == (FITTING, [])


CASES: dict[str, tuple[Row, list[Row], str, str, str]] = {
    "past the end": (
        ("a", "run", 0.4, 3.0, 10.02),
        [("a", "run", 0.4, 3.0, 10.0)],
        "segments that reach outside their video: 1, clipped",
        "segments that reach outside their video: 1, kept",
        r"a: segment \[3, 10\.02\] reaches outside \[0, 10\]",
    ),
    "before the start": (
        ("a", "run", 0.4, -0.5, 3.0),
        [("a", "run", 0.4, 0.0, 3.0)],
        "segments that reach outside their video: 1, clipped",
        "segments that reach outside their video: 1, kept",
        r"a: segment \[-0\.5, 3\] reaches outside \[0, 10\]",
    ),
    "outside the video": (
        ("a", "run", 0.4, 11.0, 12.0),
        [("a", "run", 0.4, 10.0, 10.0)],
        "segments that reach outside their video: 1, clipped",
        "segments that reach outside their video: 1, kept",
        r"a: segment \[11, 12\] reaches outside \[0, 10\]",
    ),
    "duplicate": (
        RUN,
        [],
        "exact duplicates: 1, dropped",
        "exact duplicates: 1, kept",
        r"a: run \[1, 2\] is listed more than once; remove the duplicate",
    ),
    "outside the subset": (
        ("z", "run", 0.4, 1.0, 2.0),
        [],
        "predictions outside the subset validation: 1 in 1 video, left out",
        "predictions outside the subset validation: 1 in 1 video, kept as false positives",
        "z: not in the subset validation, 1 prediction",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_does_not_fit_is_repaired_kept_or_refused(case: tuple[Row, list[Row], str, str, str]) -> None:
    row, repaired, lenient, verbatim, strict = case
    assert rows_of(screen([*FITTING, row])) == [*FITTING, *repaired]
    assert screen([*FITTING, row]).notes == [lenient]
    assert rows_of(screen([*FITTING, row], "verbatim")) == [*FITTING, row]
    assert screen([*FITTING, row], "verbatim").notes == [verbatim]
    with pytest.raises(UserError, match=strict):
        screen([*FITTING, row], "strict")


def test_ids_with_a_prefix_are_matched_unless_the_subset_has_them() -> None:
    rows = [("v_a", *RUN[1:]), *FITTING[1:]]
    assert rows_of(screen(rows)) == FITTING
    assert screen(rows).notes == ["ids that start with v_: 1, matched without it"]
    assert rows_of(screen(rows, "verbatim")) == rows
    with pytest.raises(UserError, match="v_a: the id of the subset is a"):
        screen(rows, "strict")


def test_an_id_with_and_without_its_prefix_is_refused() -> None:
    with pytest.raises(UserError, match="a is listed with and without v_; remove one"):
        screen([*FITTING, ("v_a", *RUN[1:])])


def test_missing_videos_are_noted_or_refused() -> None:
    note = "videos without an entry: 2 of 3, their instances are missed"
    assert screen([RUN]).notes == [note]
    assert screen([RUN], "verbatim").notes == [note]
    assert screen([RUN], "strict", listed=["a", "b", "v_c"]).notes == []
    with pytest.raises(UserError, match="b: not in the file; list it, if only with an empty list\n  v_c"):
        screen([RUN], "strict")


@pytest.mark.parametrize("reading", ["lenient", "strict", "verbatim"])
def test_unknown_labels_are_refused_in_every_reading(reading: Reading) -> None:
    rows = [*FITTING, ("a", "Run", 0.1, 0.0, 1.0), ("a", "fly", 0.1, 0.0, 1.0), ("a", "fly", 0.1, 0.0, 2.0)]
    with pytest.raises(UserError) as error:
        screen(rows, reading)
    assert str(error.value).splitlines() == [
        "S.json: predictions do not fit the ground truth:",
        "  label 'Run' (1 times) is not one of 2 classes; did you mean 'run'?",
        "  label 'fly' (2 times) is not one of 2 classes",
    ]


def test_a_file_of_another_subset_is_refused() -> None:
    with pytest.raises(
        UserError, match=r"none of its videos is in the subset validation; the file lists x, y"
    ):
        screen([("x", *RUN[1:]), ("y", *RUN[1:])])
    with pytest.raises(UserError, match="no predictions for the videos of the subset validation"):
        screen([("x", *RUN[1:])], listed=["x", "a"])


def test_frames_and_shares_are_not_taken_for_seconds() -> None:
    with pytest.raises(UserError, match=r"3 of 4 segments start after the end of their video.*frames"):
        screen([RUN, *[("b", "run", 0.5, 100.0 + n, 200.0) for n in range(3)]])
    with pytest.raises(UserError, match="are these shares of the duration"):
        screen([("b", "run", 0.5, 0.1, 0.9), ("v_c", "run", 0.5, 0.1, 1.0)])


def test_strict_lists_all_kinds_at_once() -> None:
    with pytest.raises(UserError) as error:
        screen([*FITTING[:2], *(case[0] for case in CASES.values())], "strict")
    for _, _, _, _, message in CASES.values():
        assert error.match(message)
    assert error.match("v_c: not in the file")


def test_proposals_without_labels_are_screened() -> None:
    table = pd.DataFrame([("a", 0.5, 1.0, 12.0)] * 2, columns=["video", "score", "start", "end"])
    screened = screen_predictions(Predictions("S", table, ["a", "b", "v_c"]), VIDEOS, [], "validation")
    assert screened.table.to_numpy().tolist() == [["a", 0.5, 1.0, 10.0]]
    assert len(screened.notes) == 2
