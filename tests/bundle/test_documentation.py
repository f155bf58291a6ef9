"""The example in docs/prediction.md runs as it is."""

import re
from pathlib import Path

import numpy as np
import pytest

from bsnpp.bundle.export import export_bundle
from bsnpp.bundle.plan import PLAN_FILE
from bsnpp.core.checksums import write_checked_text
from tests.bundle.run import make_run
from tests.paths import ROOT


def test_the_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make_run(tmp_path / "results", outside=False)
    for name in (PLAN_FILE, "bsnpp.csv", "bmn.csv", "bmn.json"):
        text = (run / name).read_text().replace('"two', '"tsn').replace("two/", "tsn/")
        write_checked_text(run / name, text.replace("one/scratch,0.75", "one/scratch,0.0"))
    export_bundle(run, tmp_path / "mine.zip")
    for stream, channels in (("rgb", 5), ("flow", 3)):
        (tmp_path / "new" / stream).mkdir(parents=True)
        for seed, video in enumerate("ab"):
            values = np.random.default_rng(seed).normal(size=(11, channels)).astype(np.float32)
            np.save(tmp_path / "new" / stream / f"{video}.npy", values)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs/prediction.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    exec(compile(example, "prediction.md", "exec"), {})
    printed = capsys.readouterr().out
    assert printed.split()[:4] == ["label", "score", "start", "end"]
    assert re.search(r"^a \d+\nb \d+$", printed, re.M)
