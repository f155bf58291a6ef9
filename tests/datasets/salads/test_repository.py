"""50 Salads is read as the repository has it, and every fault of a copy is named."""

from pathlib import Path

import numpy as np
import pytest

from bsnpp.core.errors import UserError
from bsnpp.datasets.salads.repository import Segment, join_spans, read_salads
from bsnpp.datasets.salads.settings import LABELS, PREDICTIONS, SPLITS
from tests.datasets.salads.repositories import ACTIONS, scores_of, write_repository, write_scores
from tests.paths import SHARED


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    write_repository(tmp_path / "salads")
    return tmp_path / "salads"


def faults_of(root: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_salads(root, 1.0)
    return str(caught.value)


def test_parts_of_an_action_are_joined_and_time_starts_with_the_first(repository: Path) -> None:
    salads = read_salads(repository, 1.0)
    assert salads.actions == ACTIONS and len(salads.videos) == 10
    video = salads.videos[2]
    assert (video.name, video.fold, video.person, video.duration) == ("02-1", 2, "02", 10.0)
    assert video.segments == (Segment(0, 6, "cut"), Segment(4, 7, "mix"), Segment(8, 10, "cut"))
    np.testing.assert_array_equal(video.scores["tcnn"], scores_of("tcnn", 2, 0))


def test_longer_gaps_separate_and_shorter_ones_join(repository: Path) -> None:
    assert [len(read_salads(repository, gap).videos[0].segments) for gap in (0.0, 0.5, 2.0)] == [4, 3, 2]


@pytest.mark.parametrize("spans", [[], [(0, 5)], [(0, 5), (1, 2)], [(7, 9), (0, 1), (2, 4), (9, 12)]])
def test_joined_spans_cover_all_spans_in_any_order(spans: list[tuple[int, int]]) -> None:
    joined = join_spans(spans, 0)
    assert joined == join_spans(spans[::-1], 0) == sorted(joined)
    covered = {moment for start, end in spans for moment in range(start, end)}
    assert covered == {moment for start, end in joined for moment in range(start, end)}


def test_another_folder_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    message = faults_of(tmp_path)
    assert all(f"no folder {folder}" in message for folder in (LABELS, SPLITS, PREDICTIONS))


def test_all_faults_are_named_together(repository: Path) -> None:
    write_scores(repository, "svm", 1, [scores_of("svm", 1, 0)])
    write_scores(repository, "tcnn", 2, [np.ones((5, 3)), np.ones((5, 4))])
    write_scores(repository, "edtcn", 3, [np.full((5, 4), np.nan), np.ones((5, 4))])
    write_scores(repository, "dilated", 4, [np.ones((5, 4))]).write_bytes(b"no MATLAB file")
    sequences = repository / LABELS / "sequences"
    (sequences / "05-1-activityAnnotation.txt").write_text("5 4 cut_core\n1 2\n")
    (sequences / "05-2-activityAnnotation.txt").unlink()
    message = faults_of(repository)
    for words in (
        "Split_1.mat: scores of 1 video, but the fold has 2",
        "02-1: scores of shape (5, 3), expected (rows, 4)",
        "03-1: scores that are not finite",
        "4.mat: no scores `S` of a network",
        "05-1-activityAnnotation.txt: line 1: ends at 4, before its start at 5",
        "05-1-activityAnnotation.txt: line 2: expected start, end and activity",
        "05-1-activityAnnotation.txt: no action",
        "05-2-activityAnnotation.txt: cannot be read",
    ):
        assert words in message


def test_the_public_videos() -> None:
    root = SHARED / "data/salads"
    if not root.is_dir():
        pytest.skip(f"the 50 Salads part of the repository is not at {root}")
    salads = read_salads(root, 1.0)
    assert len(salads.videos) == 50 and len({video.person for video in salads.videos}) == 25
    assert len(salads.actions) == 17 and sum(len(video.segments) for video in salads.videos) == 905
    for video in salads.videos:  # every network's rows cover the video from the first action on
        for network, period in (("svm", 1.0), ("tcnn", 4 / 3), ("dilated", 5 / 3), ("edtcn", 5 / 3)):
            assert len(video.scores[network]) * period == pytest.approx(video.duration, rel=0.03)
