"""The README alone, from real clips to detections in a new one."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.paths import ROOT

if find_spec("av") is None or find_spec("timm") is None:
    pytest.skip("PyAV and timm are not installed (extra videos)", allow_module_level=True)

import av

pytestmark = pytest.mark.slow
SECONDS = 4
CLASSES = ("dark", "bright")


def blocks() -> dict[str, str]:
    """Return the code of the section on videos, by its language."""
    section = (ROOT / "README.md").read_text().split("## From videos\n")[1].split("\n## ")[0]
    return dict(re.findall(r"```(\w+)\n(.*?)```", section, re.S))


def write_clips(film: Path, folder: Path, names: list[str]) -> None:
    """Cut a film into clips of some seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    with av.open(str(film)) as source:
        frames = source.decode(video=0)
        rate = Fraction(round(source.streams.video[0].average_rate))
        for name in names:
            with av.open(str(folder / f"{name}.mp4"), "w") as target:
                stream = target.add_stream("mpeg4", rate=rate)
                stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
                for place in range(SECONDS * rate.numerator):
                    frame = next(frames).reformat(160, 120, "yuv420p")
                    frame.pts, frame.time_base, frame.pict_type = place, 1 / rate, 0
                    target.mux(stream.encode(frame))
                target.mux(stream.encode(None))


def annotations(subsets: dict[str, list[str]]) -> dict[str, object]:
    """Annotate two instances in every clip; they mean nothing."""
    database = {}
    for subset, names in subsets.items():
        for number, name in enumerate(names):
            segments = [([0.5, 1.5], number % 2), ([2, 3.5], (number + 1) % 2)]
            instances = [{"segment": segment, "label": CLASSES[label]} for segment, label in segments]
            database[name] = {"duration": SECONDS, "subset": subset, "annotations": instances}
    return {"version": "VERSION 1.3", "taxonomy": [], "database": database}


def test_the_readme_leads_from_clips_to_detections(
    samples: list[Path], efficientnet: Path, tmp_path: Path
) -> None:
    names = [f"clip{number}" for number in range(13)]
    subsets = {"training": names[:6], "validation": names[6:9], "testing": names[9:12]}
    film = next(path for path in samples if path.name == "demo.mp4")
    write_clips(film, tmp_path / "data/videos", names)
    (tmp_path / "new/videos").mkdir(parents=True)
    (tmp_path / f"data/videos/{names[12]}.mp4").rename(tmp_path / "new/videos/fresh.mp4")
    (tmp_path / "data/annotations.json").write_text(json.dumps(annotations(subsets)))
    code = blocks()
    (tmp_path / "network.yaml").write_text(code["yaml"])
    shutil.copy(efficientnet, tmp_path / re.search(r"weights: ([\w.-]+)", code["yaml"])[1])
    tools = Path(sys.executable).parent
    for line in code["bash"].splitlines():
        if line.startswith("#"):
            assert "path data/features.h5, 1280 channels" in line
            sheet = tmp_path / "config/mine/encoders.tsv"
            text = sheet.read_text().replace("data/features\t512", "data/features.h5\t1280")
            assert "1280" in text
            sheet.write_text(text)
            continue
        program, *words = shlex.split(line)
        if program == "snakemake":
            words = ["--snakefile", str(ROOT / "workflow/Snakefile"), *words]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [tools / program, *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    detections = json.loads((tmp_path / "detections.json").read_text())["results"]
    assert set(detections) == {"fresh"} and detections["fresh"]
    for detection in detections["fresh"]:
        assert detection["label"] in CLASSES
        assert 0 <= detection["segment"][0] < detection["segment"][1] <= SECONDS + 0.1
