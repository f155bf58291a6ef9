"""Paths that cannot work are refused before any job; all others are accepted."""

import pytest

from bsnpp.challenge.paths import path_fault
from tests.challenge.plans import Folder

GOOD = [
    "results/mine", "/data/x", "a b", "it's", 'a "b"', "a;b", "a&b", "a|b", "a>b", "a<b", "(a)", "a*b?",
    "[a]", "a`b`", "x/$(touch y)", "a\\b", "a~b", "x/-y", "#a", "a!b", "ünïcode", "a=b", "a%b", "$1",
]  # fmt: skip
BAD = {
    "": "empty",
    " ": "empty",
    "a\nb": "line break",
    "a\0b": "control character",
    "a/{video}": "braces",
    "a}": "braces",
    "-a": "starts with -",
    "~/data": "not expanded",
    "~user/data": "not expanded",
    "$HOME/data": "not expanded",
    "${HOME}/data": "braces",
    "a" * 256: "255 bytes",
    "ü" * 128: "255 bytes",
}


@pytest.mark.parametrize("path", GOOD)
def test_characters_with_a_meaning_in_shells_are_allowed(path: str) -> None:
    assert path_fault(path) is None


@pytest.mark.parametrize(("path", "words"), BAD.items())
def test_a_text_that_cannot_be_a_path_is_refused(path: str, words: str) -> None:
    fault = path_fault(path)
    assert fault is not None and words in fault


@pytest.mark.parametrize(
    "key", ["results", "encoders", "classifiers", "external_detections", "groups", "archive"]
)
def test_every_path_of_the_configuration_is_checked(folder: Folder, key: str) -> None:
    assert f"{key}: '~/x' starts with ~" in folder.message(**{key: "~/x"}, hapt={})


def test_the_paths_of_annotations_are_checked(folder: Folder) -> None:
    message = folder.message(
        annotations={"layout": "activitynet", "path": "-a.json", "classes": "$X/classes.txt"},
        pretraining={"layout": "activitynet", "path": "{reslts}/b.json"},
    )
    for words in (
        "annotations: '-a.json'",
        "annotations: '$X/classes.txt'",
        "pretraining: '{reslts}/b.json'",
    ):
        assert words in message


def test_the_paths_of_sheets_are_checked(folder: Folder) -> None:
    folder.edit("encoders", "{results}/simulated/two.h5", "~/two.h5")
    folder.edit("classifiers", "{results}/simulated/cuhk.json", "-cuhk.json")
    (folder.path / "external.tsv").write_text("name\tvalidation\ttesting\ntheirs\t{a}\tb\n")
    message = folder.message(external_detections="external.tsv")
    for words in ("encoders.tsv: '~/two.h5'", "classifiers.tsv: '-cuhk.json'", "external.tsv: '{a}'"):
        assert message.count(words) == 1


def test_results_without_a_value_are_refused(folder: Folder) -> None:
    assert "results: Input should be a valid string (got None)" in folder.message(results=None)
    assert "results: empty path" in folder.message(results="")


def test_results_are_normalised(folder: Folder) -> None:
    plan = folder.plan(results="out//{challenge}/./")
    assert plan.challenge.results == "out/mine"
    assert plan.streams[0].path == "out/mine/simulated/one/rgb"
