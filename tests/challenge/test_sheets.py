"""Sample sheets: comments, defaults, placeholders, and every fault with its line."""

from pathlib import Path

import pytest

from bsnpp.challenge.sheets import Classifier, EncoderStream, read_sheet
from bsnpp.core.errors import UserError

PLACEHOLDERS = {"results": "out", "challenge": "mine"}


def sheet(folder: Path, *lines: str) -> Path:
    path = folder / "sheet.tsv"
    path.write_text("\n".join(lines) + "\n")
    return path


def message_of(path: Path, kind: type) -> str:
    with pytest.raises(UserError) as caught:
        read_sheet(path, kind, PLACEHOLDERS)
    return str(caught.value)


def test_rows_keep_their_order_and_empty_cells_take_the_defaults(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        "# what these are",
        "encoder\tdataset\tname\tpath\tchannels\tpattern",
        "",
        "two\t\trgb\t{results}/{challenge}/x\t16\t{video}_rgb",
        "# one\tpretraining\tflow\tout\t4\t",
        "one\tpretraining\tflow\t/data/y\t4\t",
    )
    first, second = read_sheet(path, EncoderStream, PLACEHOLDERS)
    assert (first.encoder, first.dataset, first.path, first.channels) == (
        "two",
        "challenge",
        "out/mine/x",
        16,
    )
    assert first.pattern == "{video}_rgb" and not first.pickles
    assert (second.encoder, second.dataset, second.pattern) == ("one", "pretraining", None)
    assert second.source.model_dump() == {
        "name": "flow", "path": "/data/y", "channels": 4, "first_axis": None, "pattern": None, "clip": 1.0,
        "pickles": False,
    }  # fmt: skip


def test_all_faults_are_reported_with_their_line(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        "# lines are counted as an editor counts them",
        "encoder\tname\tpath\tchannels\tcolour",
        "one\trgb\tx\t16\t",
        "",
        "two\trgb\tx\tmany\t",
        "a b\trgb\tx\t\tred",
    )
    message = message_of(path, EncoderStream)
    for words in (
        f"invalid sheet {path}",
        "line 5: channels",
        "'many'",
        "line 6: encoder",
        "line 6: channels: this key is required",
        "line 6: colour: unknown key",
        "Columns: name, path, channels",
    ):
        assert words in message
    assert "line 3" not in message


def test_a_sheet_without_tabs_is_one_fault(tmp_path: Path) -> None:
    path = sheet(tmp_path, "# mine", "encoder name path channels", "one rgb x 16", "two rgb x 16")
    message = message_of(path, EncoderStream)
    assert "line 2: no tab in the header 'encoder name path channels'" in message
    assert message.count("line ") == 1


@pytest.mark.parametrize(
    ("row", "cells"),
    [("one rgb x 16", "1 tab-separated cell"), ("one\trgb\tx\t16\tmore", "5 tab-separated cells")],
)
def test_a_row_with_another_number_of_cells_is_refused(tmp_path: Path, row: str, cells: str) -> None:
    path = sheet(tmp_path, "encoder\tname\tpath\tchannels", "two\trgb\tx\t16", row)
    assert f"line 3: {cells}, but the header has 4" in message_of(path, EncoderStream)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a\ttrained\t\t\t", "needs an encoder"),
        ("a\toutside\tx.json\t\t", "score files for validation and for testing"),
        ("a\tinside\tx.json\tx.json\t", "source"),
        ("a\toutside\tx.json\tx.json\t", "source outside needs the column scores: logits or probabilities"),
        ("a\tencoder\t\t\tmine", "source encoder needs the column scores: logits or probabilities"),
    ],
)
def test_an_incomplete_classifier_is_refused(tmp_path: Path, row: str, words: str) -> None:
    path = sheet(tmp_path, "classifier\tsource\tvalidation\ttesting\tencoder", row)
    assert words in message_of(path, Classifier)


def test_a_missing_sheet_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in message_of(tmp_path / "nowhere.tsv", Classifier)


def test_a_binary_sheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sheet.tsv"
    path.write_bytes(b"\xff\xfe\x00")
    assert "not a UTF-8 text file" in message_of(path, Classifier)


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "sheet.tsv"
    path.write_text("encoder\tname\tpath\tchannels\none\trgb\tx\t16\n", encoding="utf-8-sig")
    (row,) = read_sheet(path, EncoderStream, PLACEHOLDERS)
    assert row.encoder == "one"


def test_a_column_listed_twice_is_refused(tmp_path: Path) -> None:
    path = sheet(tmp_path, "encoder\tname\tpath\tpath\tchannels", "one\trgb\tx\ty\t16")
    assert "line 1: column path is listed more than once" in message_of(path, EncoderStream)


def test_quotes_follow_the_convention_of_spreadsheets(tmp_path: Path) -> None:
    header = "encoder\tname\tpath\tchannels"
    (row,) = read_sheet(sheet(tmp_path, header, 'one\trgb\t"it ""is"" x"\t16'), EncoderStream, PLACEHOLDERS)
    assert row.path == 'it "is" x'
    assert "line 2: " in message_of(sheet(tmp_path, header, 'one\trgb\t"open\t16'), EncoderStream)


def test_a_stream_has_features_or_videos(tmp_path: Path) -> None:
    header = "encoder\tname\tpath\tchannels\tvideos\tnetwork"
    rows = ["a\trgb\tx\t4\t\t", "b\trgb\t\t4\tv\tsmall", "c\trgb\t\t4\t\t", "d\trgb\tx\t4\tv\tsmall"]
    rows += ["e\trgb\t\t4\tv\t", "f\trgb\tx\t4\t\tsmall"]
    message = message_of(sheet(tmp_path, header, *rows), EncoderStream)
    for line in (4, 5, 6, 7):
        assert f"line {line}: configuration: a stream has either a path, or videos and a network" in message
    assert "line 2" not in message and "line 3" not in message


def test_features_made_from_videos_are_not_described_again(tmp_path: Path) -> None:
    header = "encoder\tname\tpath\tchannels\tvideos\tnetwork\tclip\tfirst_axis"
    path = sheet(tmp_path, header, "a\trgb\t\t4\tv\tsmall\t2\ttime", "b\trgb\t\t4\tv\tsmall\t\t")
    message = message_of(path, EncoderStream)
    assert "line 2: configuration: leave clip, first_axis empty" in message and "line 3" not in message


def test_features_of_videos_lie_in_the_results(tmp_path: Path) -> None:
    path = sheet(
        tmp_path, "encoder\tname\tdataset\tchannels\tvideos\tnetwork", "b\trgb\tpretraining\t4\tv\tsmall"
    )
    (row,) = read_sheet(path, EncoderStream, {})
    assert row.encoded_in("results/encoding").source.path == "results/encoding/b/pretraining/rgb.h5"
