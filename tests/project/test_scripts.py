"""Every script has a docstring and a main function, and imports only what its stage needs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from bsnpp.core.checksums import write_checked_text
from bsnpp.core.class_list import write_classes
from tests.paths import SCRIPTS, script

PATHS = sorted(SCRIPTS.glob("*/*.py"))
WITH_TENSORS = {"draw_sampling", "encode_videos", "import_weights", "predict_maps", "train_generator"}
LIGHT = [
    "fuse_maps",
    "list_classes",
    "list_features",
    "list_scale_videos",
    "read_annotations",
    "rescale_features",
]


def loaded_by(modules: list[str], names: list[str]) -> set[str]:
    """Return which of the modules a new interpreter has loaded after importing the scripts."""
    folders = [str(script(name).parent) for name in names]
    code = (
        f"import sys; sys.path += {folders!r}; import {', '.join(names)}; "
        f"print(*[name for name in {modules} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_only_training_and_inference_load_torch_and_nothing_loads_pyplot() -> None:
    others = [path.stem for path in PATHS if path.stem not in WITH_TENSORS]
    assert loaded_by(["torch", "matplotlib.pyplot"], others) == set()
    assert loaded_by(["torch", "pandas"], sorted(WITH_TENSORS)) >= {"torch"}


def test_light_scripts_load_no_pandas() -> None:
    assert loaded_by(["pandas", "torch", "sklearn"], LIGHT) == set()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_script_has_a_docstring_a_main_and_a_guard(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert "main" in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert path.read_text(encoding="utf-8").endswith('if __name__ == "__main__":\n    run(main)\n')


def test_a_table_of_videos_without_durations_is_refused(tmp_path: Path) -> None:
    write_checked_text(tmp_path / "videos.tsv", "video\na\n")
    write_classes(tmp_path / "classes.txt", ["run"])
    (tmp_path / "submission.json").write_text("{}")
    command = [sys.executable, script("validate_submission"), "submission.json"]
    command += ["--videos", "videos.tsv", "--classes", "classes.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "videos.tsv: no column duration" in done.stderr and "Traceback" not in done.stderr
