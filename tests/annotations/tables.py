"""Write tables of segments for tests."""

from pathlib import Path
from typing import Any

from bsnpp.annotations.ground_truth import Annotations
from bsnpp.annotations.settings import AnnotationSettings


def written(folder: Path, **files: str) -> dict[str, str]:
    """Write text files, and return their paths."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return {name: str(folder / f"{name}.csv") for name in files}


def settings(**keys: object) -> AnnotationSettings:
    return AnnotationSettings.model_validate({"layout": "csv", **keys})


def rows(annotations: Annotations) -> list[list[Any]]:
    return annotations.instances.to_numpy().tolist()


def subsets(annotations: Annotations) -> dict[str, str]:
    return dict(zip(annotations.videos["video"], annotations.videos["subset"], strict=True))
