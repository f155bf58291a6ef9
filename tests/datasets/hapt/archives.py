"""Tiny zip files in the layout of UCI data set 341."""

import zipfile
from pathlib import Path

import numpy as np

ACTIVITIES = "1 WALKING\n2 SITTING\n3 STAND_TO_SIT\n\n"
PERSONS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 4}
"""Person of each experiment. Person 2 is in the test subset; 1 and 3 are the lowest of the others."""
TEST_PERSONS = (2,)
SAMPLES = 213  # 4.26 s: 11 snippets of 0.4 s, the last one's centre at 4.2 s


def stream(rng: np.random.Generator, samples: int = SAMPLES) -> str:
    """Draw three numbers per line."""
    return "".join(f"{x!r} {y!r} {z!r}\n" for x, y, z in rng.normal(size=(samples, 3)).tolist())


def members(seed: int = 0) -> dict[str, str]:
    """Return the files of a valid zip file by their paths."""
    rng = np.random.default_rng(seed)
    files = {
        "activity_labels.txt": ACTIVITIES,
        "subject_id_train.txt": "1\n1\n4\n3\n3\n",
        "subject_id_test.txt": "2\n2\n",
    }
    labels = []
    for experiment, person in PERSONS.items():
        labels.append(f"{experiment} {person} 1 11 60\n{experiment} {person} 3 61 110\n")
        for prefix in ("acc", "gyro"):
            files[f"RawData/{prefix}_exp{experiment:02d}_user{person:02d}.txt"] = stream(rng)
    files["RawData/labels.txt"] = "".join(labels)
    return files


def write_zip(path: Path, files: dict[str, str]) -> Path:
    """Write a zip file with these files, and return its path."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
