"""Streams are joined, and all faults of all videos come in one message."""

from pathlib import Path

import numpy as np
import pytest

from bsnpp.core.errors import UserError
from bsnpp.features.importers import available_videos, import_video, import_videos, join_streams
from bsnpp.features.settings import StreamSource
from bsnpp.features.streams import open_source
from tests.features.files import sequence_of, stream_of


def test_join_cuts_to_the_shorter() -> None:
    one, two = sequence_of(10, 3), sequence_of(14, 2, seed=1)
    joined = join_streams([one, two])
    assert (joined == np.hstack([one, two[:10]])).all()
    assert (join_streams([one]) == one).all()
    assert len(join_streams([sequence_of(90), sequence_of(100)])) == 90


@pytest.mark.parametrize(("short", "long"), [(9, 14), (89, 100)])
def test_join_refuses_streams_that_do_not_belong_together(short: int, long: int) -> None:
    with pytest.raises(
        UserError, match=f"streams of {long} and {short} snippets; they may differ by 4 or by 10%"
    ):
        join_streams([sequence_of(long), sequence_of(short)])


def write_streams(folder: Path, videos: list[str]) -> list[StreamSource]:
    for name, length in (("rgb", 7), ("flow", 6)):
        (folder / name).mkdir()
        for video in videos:
            np.save(folder / name / f"{video}.npy", sequence_of(length))
    return [stream_of(folder / name, name=name) for name in ("rgb", "flow")]


def test_videos_come_in_order(tmp_path: Path) -> None:
    readers = [open_source(stream) for stream in write_streams(tmp_path, ["a", "b"])]
    assert import_video(readers, "a").shape == (6, 6)
    assert [video for video, _ in import_videos(readers, ["b", "a"])] == ["b", "a"]


def test_all_missing_videos_before_the_first(tmp_path: Path) -> None:
    streams = write_streams(tmp_path, ["a", "b"])
    (tmp_path / "flow/b.npy").unlink()
    readers = [open_source(stream) for stream in streams]
    with pytest.raises(UserError) as caught:
        next(import_videos(readers, ["a", "b", "c"]))
    lines = str(caught.value).splitlines()[1:-1]
    assert [line.split(":")[:2] for line in lines] == [
        ["  c", " stream rgb"],
        ["  b", " stream flow"],
        ["  c", " stream flow"],
    ]


def test_two_videos_with_the_same_file(tmp_path: Path) -> None:
    """`v_a.npy` is the file of "a", and also of "v_a" if there is no file v_v_a.npy."""
    np.save(tmp_path / "v_a.npy", sequence_of(4))
    readers = [open_source(stream_of(tmp_path))]
    with pytest.raises(UserError, match="a and v_a: stream rgb: both would read v_a"):
        next(import_videos(readers, ["a", "v_a"]))
    np.save(tmp_path / "v_v_a.npy", sequence_of(4))
    with pytest.raises(UserError, match="holds both v_v_a and v_a"):
        list(import_videos(readers := [open_source(stream_of(tmp_path))], ["a", "v_a"]))
    readers = [open_source(stream_of(tmp_path, pattern="v_{video}"))]
    assert [video for video, _ in import_videos(readers, ["a", "v_a"])] == ["a", "v_a"]


def test_all_faults_in_one_error(tmp_path: Path) -> None:
    readers = [open_source(stream) for stream in write_streams(tmp_path, ["a", "b", "c", "d"])]
    np.save(tmp_path / "rgb/b.npy", np.full((7, 3), np.nan))
    np.save(tmp_path / "flow/b.npy", np.zeros((6, 4)))
    np.save(tmp_path / "flow/d.npy", np.zeros((70, 3)))
    read = []
    with pytest.raises(UserError) as caught:
        read.extend(video for video, _ in import_videos(readers, ["a", "b", "c", "d"]))
    assert read == ["a"]
    message = str(caught.value)
    assert message.count("\n  b: ") == 2
    assert "\n  d: streams of 7 and 70 snippets" in message


def test_videos_that_every_stream_has(tmp_path: Path) -> None:
    streams = write_streams(tmp_path, ["a", "b", "c"])
    (tmp_path / "flow/b.npy").unlink()
    readers = [open_source(stream) for stream in streams]
    assert available_videos(readers, ["c", "b", "d"], ["a", "b", "c", "d"]) == ["c"]
    assert available_videos(readers, ["b"], ["a", "b"]) == []
    assert available_videos(readers, ["d"], ["d", "e"]) == ["d"], (
        "a subset that is missing as a whole is kept"
    )
    assert available_videos(readers, [], []) == []
