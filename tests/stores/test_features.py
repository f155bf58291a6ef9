"""Feature files are exact and reproducible, and errors have clear messages."""

from pathlib import Path
from threading import Event

import numpy as np
import pytest

from bsnpp.core.errors import UserError
from bsnpp.stores.features import FeatureStore, write_features

VIDEOS = ["b_long_name", "a", "ü"]


def features() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((3, 2, 5)).astype(np.float32)


def write(path: Path, values: np.ndarray, videos: list[str] = VIDEOS) -> None:
    write_features(path, "tsn", 5, 2, zip(videos, values, strict=True), videos)


def test_features_can_be_read_in_any_order(tmp_path: Path) -> None:
    write(tmp_path / "T5.h5", features())
    with FeatureStore(tmp_path / "T5.h5") as store:
        assert store.videos == VIDEOS
        assert (store.channels, store.scale) == (2, 5)
        assert (store.read_all() == features()).all()
        assert (store.read([2, 0, 2]) == features()[[2, 0, 2]]).all()
        assert store.read(np.array([1])).dtype == np.float32
        assert store.read([]).shape == (0, 2, 5)


@pytest.mark.parametrize("parts", [[], [[1]], [[2, 0], [1], [0, 1, 2], []]], ids=["none", "one", "many"])
def test_reading_ahead_gives_the_same_features(parts: list[list[int]], tmp_path: Path) -> None:
    write(tmp_path / "T5.h5", features())
    with FeatureStore(tmp_path / "T5.h5") as store:
        parts_read = list(store.read_ahead(np.array(part, int) for part in parts))
    assert len(parts_read) == len(parts)
    assert all((values == features()[part]).all() for values, part in zip(parts_read, parts, strict=True))


def test_the_next_part_is_read_in_the_meantime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "T5.h5", features())
    begun = [Event() for _ in VIDEOS]
    with FeatureStore(tmp_path / "T5.h5") as store:
        monkeypatch.setattr(store, "read", lambda part: begun[part].set())
        for index, _ in enumerate(store.read_ahead(range(3))):
            assert all(event.wait(10) for event in begun[: index + 2])
            assert not any(event.is_set() for event in begun[index + 2 :])


def test_an_error_while_reading_ahead_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(part: object) -> None:
        raise UserError("damaged")

    write(tmp_path / "T5.h5", features())
    with FeatureStore(tmp_path / "T5.h5") as store:
        monkeypatch.setattr(store, "read", fail)
        with pytest.raises(UserError, match="damaged"):
            list(store.read_ahead([np.array([0])]))


def test_a_file_without_videos(tmp_path: Path) -> None:
    write(tmp_path / "T5.h5", np.empty((0, 2, 5), np.float32), [])
    with FeatureStore(tmp_path / "T5.h5") as store:
        assert (store.videos, store.read_all().shape) == ([], (0, 2, 5))


def test_the_same_features_give_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "one.h5", features())
    write(tmp_path / "two.h5", features())
    assert (tmp_path / "one.h5").read_bytes() == (tmp_path / "two.h5").read_bytes()


def test_after_an_error_no_file_remains(tmp_path: Path) -> None:
    def items():
        yield "a", features()[0]
        raise UserError("b is broken")

    with pytest.raises(UserError, match="b is broken"):
        write_features(tmp_path / "T5.h5", "tsn", 5, 2, items(), ["a", "b"])
    assert not list(tmp_path.iterdir())


def test_wrong_videos_and_shapes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="item 0 is x"):
        write_features(tmp_path / "T5.h5", "tsn", 5, 2, [("x", features()[0])], ["a"])
    with pytest.raises(ValueError, match=r"\(2, 5\), expected a \(2, 6\)"):
        write_features(tmp_path / "T6.h5", "tsn", 6, 2, [("a", features()[0])], ["a"])
    with pytest.raises(ValueError, match="argument"):
        write_features(tmp_path / "T5.h5", "tsn", 5, 2, [("a", features()[0])], ["a", "b"])


def test_missing_and_damaged_files_are_reported(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.h5: no such file"):
        FeatureStore(tmp_path / "none.h5")
    write(tmp_path / "T5.h5", features())
    (tmp_path / "cut.h5").write_bytes((tmp_path / "T5.h5").read_bytes()[:1000])
    with pytest.raises(UserError, match=r"cut\.h5: damaged.* does not match its checksum"):
        FeatureStore(tmp_path / "cut.h5")
    (tmp_path / "text.h5").write_text("hello")
    with pytest.raises(UserError, match=r"text\.h5: damaged.* no checksum"):
        FeatureStore(tmp_path / "text.h5")
