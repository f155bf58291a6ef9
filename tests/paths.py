"""Folders that tests read, and where each script is."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "config"
SCRIPTS = ROOT / "scripts"
SHARED = Path(os.environ.get("BSNPP_SHARED", ROOT.parent / "shared"))
"""Real recordings and annotations, which are not part of the project; tests skip where they are missing."""


def script(name: str) -> Path:
    """Return the path of a script, whichever stage it belongs to."""
    (path,) = SCRIPTS.glob(f"*/{name}.py")
    return path
