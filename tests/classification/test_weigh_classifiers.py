"""The script weigh_classifiers: faults of the scores."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from bsnpp.core.checksums import write_checked_text
from bsnpp.core.class_list import write_classes
from bsnpp.stores.class_scores import ClassScores, write_score_file
from tests.paths import script


def test_the_faults_of_all_classifiers_on_both_subsets_are_reported_together(tmp_path: Path) -> None:
    write_classes(tmp_path / "classes.txt", ["Run", "Sit"])
    write_checked_text(tmp_path / "instances.tsv", "video\tstart\tend\tlabel\na\t0\t1\tRun\n")
    for subset, videos in (("validation", "a"), ("testing", "b")):
        write_checked_text(tmp_path / f"{subset}.tsv", f"video\tduration\textent\n{videos}\t2\t2\n")
        broken = ClassScores([videos], ["Run", "Sit"], np.array([[np.nan, 0.0]]))
        write_score_file(tmp_path / f"one.{subset}.h5", broken)
        write_score_file(tmp_path / f"two.{subset}.h5", ClassScores([], ["Sit", "Fly"], np.zeros((0, 2))))
    given = {
        "members": ["one", "two"], "models": ["one", "two"],
        "videos": ["validation.tsv", "testing.tsv"], "classes": ["classes.txt"],
        "instances": ["instances.tsv"], "weights": ["weights.csv"], "grid": ["grid.csv"],
        "fused": ["fused.validation.h5", "fused.testing.h5"],
        "settings": ['{"search": {}, "weights": "search"}'],
    }  # fmt: skip
    words = [word for name, values in given.items() for word in (f"--{name}", *values)]
    for subset in ("validation", "testing"):
        words += ["--scores", f"one.{subset}.h5", f"two.{subset}.h5"]
    command = [sys.executable, script("weigh_classifiers"), *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    for fault in (
        "one: video a: a score",
        "one: video b: a score",
        "two: video a: missing",
        "two: video b: miss",
    ):
        assert fault in done.stderr
    assert (
        done.stderr.count("two: class 'Run': missing") == done.stderr.count("two: class 'Fly': unknown") == 2
    )
    assert not (tmp_path / "weights.csv").exists()
