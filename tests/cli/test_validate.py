from pathlib import Path

import pytest

from bsnpp.cli.main import dispatch
from bsnpp.core.errors import UserError
from tests.cli.files import ANNOTATIONS, RESULTS, submission, write


def test_a_valid_submission_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = str(write(tmp_path / "A.json", ANNOTATIONS))
    valid = str(write(tmp_path / "S.json", submission(RESULTS)))
    dispatch(["validate", valid, "--annotations", truth])
    assert f"valid         {valid}" in capsys.readouterr().out


def test_a_testing_subset_needs_no_annotations(tmp_path: Path) -> None:
    truth = str(write(tmp_path / "A.json", ANNOTATIONS))
    entry = {"label": "fly", "score": 1, "segment": [0, 1]}
    dispatch(
        ["validate", str(write(tmp_path / "S.json", submission({"x": [entry]}))), "--annotations", truth,
         "--subset", "testing"]
    )  # fmt: skip


def test_the_faults_of_all_submissions_are_listed(tmp_path: Path) -> None:
    truth = str(write(tmp_path / "A.json", ANNOTATIONS))
    paths = [
        str(write(tmp_path / "S.json", submission({**RESULTS, "zz": []}))),
        str(write(tmp_path / "T.json", {"results": RESULTS})),
    ]
    with pytest.raises(UserError) as error:
        dispatch(["validate", *paths, "--annotations", truth, "--per-video", "2"])
    text = str(error.value)
    for part in ("S.json: 'zz'", "T.json: the key version is missing", "a: 3 detections; at most 2"):
        assert part in text
