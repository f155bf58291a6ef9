import hashlib
import json
from pathlib import Path

import pytest

from bsnpp.core.checksums import write_checked_text
from bsnpp.core.errors import UserError
from bsnpp.summary.manifest import (
    checksums,
    feature_digest,
    package_versions,
    read_manifest,
    without_folders,
    write_manifest,
)

MANIFEST = {"challenge": "tiny", "variant": "A", "configuration": {"seed": 1}, "files": {}}


def test_checksums_are_by_path_in_the_results_folder(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    paths = [tmp_path / "tables" / "b.csv", tmp_path / "a.json"]
    for path in paths:
        path.write_text(path.name)
    names = {"a.json": "a.json", "tables/b.csv": "b.csv"}
    expected = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in names.items()}
    assert checksums(paths, tmp_path) == expected
    with pytest.raises(UserError, match=r"none\.csv: cannot be read"):
        checksums([tmp_path / "none.csv"], tmp_path)


def test_absolute_paths_lose_their_folder() -> None:
    value = {
        "results": "/project/results/x",
        "archive": "/data/hapt.zip",
        "sheet": "config/a.tsv",
        "T": [100],
    }
    assert without_folders(value, "/project") == {
        "results": "results/x",
        "archive": "hapt.zip",
        "sheet": "config/a.tsv",
        "T": [100],
    }
    assert without_folders(["/project2/results"], "/project") == ["results"]


def test_the_versions_include_python_and_only_installed_packages() -> None:
    versions = package_versions()
    assert {"python", "numpy", "pandas", "torch"} <= versions.keys()
    assert all(versions.values())


def test_a_manifest_is_read_from_its_folder_and_written_with_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    write_manifest(path, MANIFEST)
    first = path.read_bytes()
    assert read_manifest(tmp_path) == read_manifest(path) == MANIFEST
    write_manifest(path, MANIFEST)
    assert path.read_bytes() == first


def test_a_wrong_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file; it should contain the manifest of a run"):
        read_manifest(tmp_path)
    path = tmp_path / "manifest.json"
    path.write_text("{")
    with pytest.raises(UserError, match="not valid JSON"):
        read_manifest(path)
    path.write_text(json.dumps({"results": {}}))
    with pytest.raises(UserError, match="not the manifest of a run"):
        read_manifest(path)


ROWS = ["v1,rgb,{}/v1.npy,10,a1", "v2,rgb,{}/v2.npy,12,b2", "v1,flow,{}/v1.npy,10,c3"]


def listed(path: Path, rows: list[str]) -> Path:
    """Write a feature manifest."""
    write_checked_text(path, "\n".join(["video,stream,file,snippets,sha256", *rows, ""]))
    return path


def test_the_digest_of_features_depends_on_their_content_alone(tmp_path: Path) -> None:
    here = listed(tmp_path / "here.csv", [row.format("here") for row in ROWS])
    there = listed(tmp_path / "there.csv", [row.format("there") for row in reversed(ROWS)])
    assert feature_digest(here) == feature_digest(there)
    assert feature_digest(here)["rows"] == 3
    for other in (ROWS[:2], [*ROWS[:2], "v1,flow,v1.npy,10,c4"], [*ROWS[:2], "v1,rgb2,v1.npy,10,c3"]):
        assert feature_digest(listed(tmp_path / "other.csv", other)) != feature_digest(here)


def test_a_table_without_checksums_is_refused(tmp_path: Path) -> None:
    write_checked_text(tmp_path / "other.csv", "video,stream\nv1,rgb\n")
    with pytest.raises(UserError, match=r"other\.csv: no column 'sha256'"):
        feature_digest(tmp_path / "other.csv")
