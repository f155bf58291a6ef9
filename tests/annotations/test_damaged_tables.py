"""A damaged table, list or file of names is read or refused by a message, never by a traceback."""

import random
from pathlib import Path

import pytest

from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.core.errors import UserError
from tests.annotations.tables import settings
from tests.annotations.test_csv import PLAIN
from tests.annotations.test_published_tables import EPIC_TRAIN, EPIC_VIDEOS, GTAD, NUMBERED

FILES = {
    "videos.csv": EPIC_VIDEOS.encode(),
    "names.csv": b"id,key,instances\n1,put,x\n23,lunch,y\n0,bin,z\n",
    "list.txt": b"P03_02\na\n",
}
INSERTED = [
    b",",
    b'"',
    b"\n",
    b"\0",
    b"1e999",
    b"-",
    b"9" * 5000,
    b"nan",
    b":",
    b"\t" * 30,
    b"video,",
    b"\xff",
]


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Cut, overwrite, repeat, blank or insert bytes at random places."""
    for _ in range(rng.choice([1, 1, 2, 4])):
        start = rng.randrange(len(data) + 1)
        stop = min(len(data), start + rng.randrange(1, 20))
        part = data[start:stop]
        new = rng.choice([b"", rng.randbytes(len(part)), part * 2, bytes(len(part)), rng.choice(INSERTED)])
        data = data[:start] + new + (data[stop:] if rng.random() < 0.9 else b"")
    return data


@pytest.mark.parametrize("seed", range(4))
def test_damaged_files_end_without_a_traceback(tmp_path: Path, seed: int) -> None:
    rng, refused = random.Random(seed), 0
    for _ in range(40):
        text = rng.choice([PLAIN, GTAD, NUMBERED, EPIC_TRAIN])
        files = {**FILES, "segments.csv": text.encode()}
        hit = rng.choice(sorted(files))
        for name, data in files.items():
            (tmp_path / name).write_bytes(damaged(data, rng) if name == hit else data)
        path = str(tmp_path / "segments.csv")
        keys = {
            "path": rng.choice([path, {"training": path}]),
            "video_table": rng.choice([None, str(tmp_path / "videos.csv")]),
            "label": "verb" if text == EPIC_TRAIN else None,
            "class_names": rng.choice([[], [str(tmp_path / "names.csv")]]),
        }
        if isinstance(keys["path"], str):
            keys["video_lists"] = rng.choice([{}, {"training": str(tmp_path / "list.txt")}])
        try:
            read_annotations(settings(**keys))
        except UserError as error:
            refused += 1
            assert any(str(tmp_path / name) in str(error) for name in files)
    assert refused > 10
