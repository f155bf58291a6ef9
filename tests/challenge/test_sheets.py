"""Sample sheets: comments, defaults, words in braces, and every fault with its entry."""

from pathlib import Path

import pytest

from bsnpp.challenge.sheets import Classifier, EncoderStream, read_sheet
from bsnpp.core.errors import UserError

WORDS = {"results": "out", "challenge": "mine"}


def sheet(folder: Path, *lines: str) -> Path:
    path = folder / "sheet.tsv"
    path.write_text("\n".join(lines) + "\n")
    return path


def message_of(path: Path, kind: type) -> str:
    with pytest.raises(UserError) as caught:
        read_sheet(path, kind, WORDS)
    return str(caught.value)


def test_rows_keep_their_order_and_empty_cells_take_defaults(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        "# what these are",
        "encoder\tdataset\tname\tpath\tchannels\tpattern",
        "",
        "two\t\trgb\t{results}/{challenge}/x\t16\t{video}_rgb",
        "# one\tpretraining\tflow\tout\t4\t",
        "one\tpretraining\tflow\t/data/y\t4\t",
    )
    first, second = read_sheet(path, EncoderStream, WORDS)
    assert (first.encoder, first.dataset, first.path, first.channels) == (
        "two",
        "challenge",
        "out/mine/x",
        16,
    )
    assert first.pattern == "{video}_rgb" and not first.pickles
    assert (second.encoder, second.dataset, second.pattern) == ("one", "pretraining", None)
    assert second.source.model_dump() == {
        "name": "flow", "path": "/data/y", "channels": 4, "pattern": None, "clip": 1.0, "pickles": False
    }  # fmt: skip


def test_all_faults_are_told_with_their_entry(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        "# lines are counted as an editor counts them",
        "encoder\tname\tpath\tchannels\tcolour",
        "one\trgb\tx\t16\t",
        "",
        "two\trgb\tx\tmany\t",
        "a b\trgb\t\t16\tred",
    )
    message = message_of(path, EncoderStream)
    for words in (
        f"{path} is not right",
        "line 5: channels",
        "'many'",
        "line 6: encoder",
        "line 6: path: this key is required",
        "line 6: colour: unknown key",
        "Its columns are: name, path, channels",
    ):
        assert words in message
    assert "line 3" not in message


def test_a_sheet_without_tabs_is_told_in_one_line(tmp_path: Path) -> None:
    path = sheet(tmp_path, "# mine", "encoder name path channels", "one rgb x 16", "two rgb x 16")
    message = message_of(path, EncoderStream)
    assert "line 2: no tab in the header 'encoder name path channels'" in message
    assert message.count("line ") == 1


@pytest.mark.parametrize(("row", "count"), [("one rgb x 16", 1), ("one\trgb\tx\t16\tmore", 5)])
def test_a_row_of_another_number_of_cells_is_told(tmp_path: Path, row: str, count: int) -> None:
    path = sheet(tmp_path, "encoder\tname\tpath\tchannels", "two\trgb\tx\t16", row)
    assert f"line 3: {count} cells between tabs, the header has 4" in message_of(path, EncoderStream)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a\ttrained\t\t\t", "needs an encoder"),
        ("a\toutside\tx.json\t\t", "score files for validation and for testing"),
        ("a\tinside\tx.json\tx.json\t", "source"),
    ],
)
def test_a_classifier_is_complete(tmp_path: Path, row: str, words: str) -> None:
    path = sheet(tmp_path, "classifier\tsource\tvalidation\ttesting\tencoder", row)
    assert words in message_of(path, Classifier)


def test_a_missing_sheet_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in message_of(tmp_path / "nowhere.tsv", Classifier)


def test_a_sheet_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sheet.tsv"
    path.write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in message_of(path, Classifier)
