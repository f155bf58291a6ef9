"""Damaged files of every format end in a message that names the file, or in a valid result.

`BSNPP_FUZZ` is the number of damaged copies of each format; `make test-fuzz` sets it to about ten times the
default. Seeds are fixed.
"""

import os
import zlib
from pathlib import Path

import pytest

from tests.fuzz.damage import copies
from tests.fuzz.formats import FORMATS
from tests.fuzz.watch import Watched, read_format

COPIES = int(os.environ.get("BSNPP_FUZZ", "8"))

REFUSED = {"features: pkl", *(name for name in FORMATS if "hostile" in name)}
"""Formats whose files may never be read: pickles, unless the user trusts them."""


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_copies_end_in_a_message_or_a_result(name: str, tmp_path: Path) -> None:
    kind = FORMATS[name]
    folder = tmp_path / "given"
    folder.mkdir()
    kind.write(folder / kind.file)
    content = (folder / kind.file).read_bytes()
    faults = []
    with Watched(read_format(name)) as watched:
        whole = watched.outcome(folder, kind.file, content)
        assert whole.startswith("refused: ") == (name in REFUSED), f"undamaged: {whole or 'accepted'}"
        for number, damaged in enumerate(copies(content, kind.damages, COPIES, zlib.crc32(name.encode()))):
            outcome = watched.outcome(folder, kind.file, damaged)
            if outcome == "" and kind.checked and damaged != content:
                outcome = "a damaged file was used"
            if outcome and not outcome.startswith("refused: "):
                faults.append(f"copy {number}: {outcome}")
    assert not faults, "\n".join(faults[:20])
