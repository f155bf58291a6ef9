"""HDF5 files on a full disk: a message and exit code 1, no crash, and no half-written file."""

import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from bsnpp.stores.hdf5 import new_hdf5

LIMIT = 300_000
"""Size of the largest file that the process may write [bytes]; HDF5 meets it as it meets a full disk."""

WRITERS = {
    "maps": """
    from bsnpp.core.grid import ProposalGrid
    from bsnpp.stores.maps import write_maps
    grid, videos = ProposalGrid(50, 50), [str(number) for number in range(64)]
    batches = ((np.ones((1, 2, 50)), np.ones((1, 2, len(grid)))) for _ in videos)
    write_maps(sys.argv[1], grid, videos, batches, "member")
""",
    "encoded videos": """
    from bsnpp.stores.encoded import write_encoded
    numbers = {"rate": 1.0, "seconds": 1.0, "coverage": 1.0}
    write_encoded(sys.argv[1], ((str(number), np.ones((2000, 64)), numbers) for number in range(20)))
""",
}
PROGRAM = f"""
import resource, sys
import numpy as np
from bsnpp.core.commandline import run
resource.setrlimit(resource.RLIMIT_FSIZE, ({LIMIT}, {LIMIT}))
def main():
    {{}}
run(main)
"""


@pytest.mark.parametrize("kind", WRITERS)
def test_a_full_disk_ends_in_a_message(kind: str, tmp_path: Path) -> None:
    program = PROGRAM.format(WRITERS[kind].strip())
    path = tmp_path / "f.h5"
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stderr == f"error: {path}: cannot be written (File too large); check the disk\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [RuntimeError("a model failed"), FileNotFoundError("features.h5")])
def test_other_errors_remain_what_they_are(error: Exception, tmp_path: Path) -> None:
    with pytest.raises(type(error), match=str(error)), new_hdf5(tmp_path / "f.h5") as file:
        file.create_dataset("a", data=np.ones(3))
        raise error
    assert list(tmp_path.iterdir()) == []
    with new_hdf5(tmp_path / "f.h5") as file:
        file.create_dataset("a", data=np.ones(3))
    with h5py.File(tmp_path / "f.h5") as file:
        assert file["a"].shape == (3,)
