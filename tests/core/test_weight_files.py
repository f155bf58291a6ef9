"""Headers of safetensors files."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from bsnpp.core.weight_files import metadata_of


def test_the_metadata_of_a_file_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    save_file({"weight": np.zeros(3)}, path, metadata={"name": "value"})
    assert metadata_of(path.read_bytes()) == {"name": "value"}


def test_bytes_without_metadata_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    save_file({"weight": np.zeros(3)}, path)
    for data in (path.read_bytes(), b"", b"text", b"\x02\0\0\0\0\0\0\0[]", b"\xff" * 20):
        with pytest.raises(ValueError):
            metadata_of(data)
