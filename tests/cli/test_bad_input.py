"""Every verb answers bad input with one message that lists the offenders, and writes nothing."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bsnpp.cli.main import dispatch, main
from bsnpp.core.errors import UserError
from tests.cli.files import ANNOTATIONS, RESULTS, submission, write

VERBS: dict[str, Callable[[str], list[str]]] = {
    "evaluate": lambda path: ["evaluate", "--submission", path],
    "evaluate-proposals": lambda path: ["evaluate-proposals", "--proposals", path],
    "compare": lambda path: ["compare", path, path, "--resamples", "2"],
    "diagnose": lambda path: ["diagnose", "--submission", path],
    "validate": lambda path: ["validate", path],
}
SCORERS = [name for name in VERBS if name != "validate"]


def run(verb: str, folder: Path, content: Any, *options: str, annotations: Any = ANNOTATIONS) -> str:
    """Run a verb on a bad file and return its message."""
    truth = str(write(folder / "A.json", annotations))
    path = str(write(folder / "S.json", content))
    before = sorted(folder.iterdir())
    output = ["--output", str(folder / "output.json")] if verb in SCORERS else []
    with pytest.raises(UserError) as error:
        dispatch([*VERBS[verb](path), "--annotations", truth, *output, *options])
    assert sorted(folder.iterdir()) == before
    return str(error.value)


def changed(**changes: Any) -> dict[str, Any]:
    """Return a submission whose first entry of video a has other values."""
    results = copy.deepcopy(RESULTS)
    results["a"][0] |= changes
    return submission(results)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("content", "parts"),
    [
        pytest.param("{not json", ["S.json", "JSON"], id="not JSON"),
        pytest.param("[1, 2", ["S.json", "JSON"], id="cut off"),
        pytest.param({"detections": RESULTS}, ["S.json", "results"], id="wrong keys"),
        pytest.param(submission([RESULTS]), ["S.json", "results"], id="results is a list"),
        pytest.param(changed(segment=[9, 2]), ["S.json", "a, entry 0"], id="end before start"),
        pytest.param(changed(score=float("nan")), ["a, entry 0: score", "nan"], id="NaN score"),
        pytest.param(changed(segment=[0, 1, 2]), ["a, entry 0: segment"], id="three times"),
    ],
)
def test_an_invalid_file_is_explained(verb: str, content: Any, parts: list[str], tmp_path: Path) -> None:
    message = run(verb, tmp_path, content)
    for part in parts:
        assert part in message


@pytest.mark.parametrize("verb", ["evaluate", "compare", "diagnose", "validate"])
def test_an_unknown_label_is_named(verb: str, tmp_path: Path) -> None:
    assert "'Run'" in run(verb, tmp_path, changed(label="Run"))


@pytest.mark.parametrize("verb", SCORERS)
def test_empty_results_are_refused(verb: str, tmp_path: Path) -> None:
    for results in ({}, {"a": [], "b": [], "c": []}):
        assert "no predictions, the results are empty" in run(verb, tmp_path, submission(results))


def test_a_validated_submission_without_results_lacks_every_video(tmp_path: Path) -> None:
    message = run("validate", tmp_path, submission({}))
    assert "no entry" in message or "missing" in message
    assert all(video in message for video in "abc")


def test_the_second_of_two_compared_files_is_named(tmp_path: Path) -> None:
    truth = write(tmp_path / "A.json", ANNOTATIONS)
    good, bad = write(tmp_path / "S.json", submission(RESULTS)), write(tmp_path / "T.json", "{")
    with pytest.raises(UserError, match=r"T\.json: invalid predictions:\n  not valid JSON"):
        dispatch(["compare", str(good), str(bad), "--annotations", str(truth), "--resamples", "2"])


@pytest.mark.parametrize("verb", VERBS)
def test_ids_with_a_prefix_are_refused_if_they_must_fit(verb: str, tmp_path: Path) -> None:
    results = submission({f"v_{video}": entries for video, entries in RESULTS.items()})
    message = run(verb, tmp_path, results, *(["--strict"] if verb in SCORERS else []))
    assert "v_a" in message


@pytest.mark.parametrize("verb", VERBS)
def test_an_absent_video_is_named_if_it_must_be_there(verb: str, tmp_path: Path) -> None:
    results = submission({"a": RESULTS["a"]})
    message = run(verb, tmp_path, results, *(["--strict"] if verb in SCORERS else []))
    assert "b" in message and "c" in message


@pytest.mark.parametrize("verb", SCORERS)
def test_a_file_of_another_subset_is_refused(verb: str, tmp_path: Path) -> None:
    assert "none of its videos is in the subset validation" in run(
        verb, tmp_path, submission({"t": RESULTS["b"]})
    )


@pytest.mark.parametrize("verb", VERBS)
def test_a_misspelt_subset_lists_those_of_the_file(verb: str, tmp_path: Path) -> None:
    message = run(verb, tmp_path, submission(RESULTS), "--subset", "val")
    assert "no video of the subset 'val'" in message
    assert "testing (1 video), training (1 video), validation (3 videos)" in message
    assert "did you mean 'validation'?" in message


@pytest.mark.parametrize("verb", SCORERS)
def test_a_subset_without_annotations_cannot_be_scored(verb: str, tmp_path: Path) -> None:
    message = run(verb, tmp_path, submission(RESULTS), "--subset", "testing")
    assert "the subset testing has no annotations to score" in message


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("annotations", ["{", [], {"videos": {}}, {"database": {"a": 3}}])
def test_invalid_annotations_are_named(verb: str, annotations: Any, tmp_path: Path) -> None:
    assert "A.json" in run(verb, tmp_path, submission(RESULTS), annotations=annotations)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("option", ["--annotations", "--only", "--exclude", "--classes", "--subset-table"])
def test_a_missing_file_is_named(verb: str, option: str, tmp_path: Path) -> None:
    message = run(verb, tmp_path, submission(RESULTS), option, str(tmp_path / "missing"))
    assert "missing: no such file" in message


@pytest.mark.parametrize("verb", SCORERS)
def test_invalid_thresholds_are_explained(verb: str, tmp_path: Path) -> None:
    assert "start:end:step" in run(verb, tmp_path, submission(RESULTS), "--tiou", "0.5:0.05:0.95")


@pytest.mark.parametrize("verb", VERBS)
def test_many_offenders_are_listed_up_to_a_bound(verb: str, tmp_path: Path) -> None:
    results = {**RESULTS, "a": [{"label": "run", "score": "high", "segment": [0, 1]}] * 500}
    lines = run(verb, tmp_path, submission(results)).splitlines()
    assert 50 < len(lines) < 55
    assert "more" in lines[51]


@pytest.mark.parametrize("verb", VERBS)
def test_a_mistake_ends_with_exit_code_1_and_no_traceback(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(write(tmp_path / "S.json", "{"))
    truth = str(write(tmp_path / "A.json", ANNOTATIONS))
    monkeypatch.setattr("sys.argv", ["bsnpp", *VERBS[verb](path), "--annotations", truth])
    with pytest.raises(SystemExit) as end:
        main()
    assert str(end.value.code).startswith("error: ")


@pytest.mark.parametrize("option", [["--resamples", "-1"], ["--resamples", "many"], ["--seed", "0.5"]])
def test_numbers_out_of_range_are_refused(
    option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        dispatch(["evaluate", "--submission", "S", "--annotations", "A", *option])
    assert "is not a whole number from 0 to 1,000,000" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    truth = str(write(tmp_path / "A.json", ANNOTATIONS))
    path = str(write(tmp_path / "S.json", submission(RESULTS)))
    with pytest.raises(UserError, match=r"A\.json/output\.json: cannot be written"):
        dispatch(
            ["evaluate", "--submission", path, "--annotations", truth, "--output", f"{truth}/output.json"]
        )
