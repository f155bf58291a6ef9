"""Lists of the archives of optical flow, as JSON: the archive of each video, relative to the list."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from bsnpp.core.checksums import checked_text, write_checked_text
from bsnpp.core.errors import UserError


def write_flow_list(path: str | Path, archives: Mapping[str, Path]) -> None:
    """Write the archive of the flow of each video.

    Parameters
    ----------
    path : str or Path
        The JSON file to write.
    archives : mapping of str to Path
        Archive of each video, by its id.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    folder = Path(path).parent
    content = {video: os.path.relpath(archive, folder) for video, archive in archives.items()}
    write_checked_text(path, json.dumps(content, indent=1))


def read_flow_list(path: str | Path) -> dict[str, Path]:
    """Read the archive of the flow of each video.

    Raises
    ------
    UserError
        If the file is missing or damaged.
    """
    text = checked_text(path)
    try:
        return {video: Path(path).parent / archive for video, archive in json.loads(text).items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise UserError(f"{path}: not a list of archives ({error}); compute the flow again") from error
