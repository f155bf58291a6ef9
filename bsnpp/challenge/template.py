"""Copy the template of a challenge."""

import re
import sys
from pathlib import Path

from bsnpp.core.errors import UserError
from bsnpp.core.folders import whole_folder

PLACES = (Path(__file__).parents[2] / "config/template", Path(sys.prefix) / "share/bsnpp/template")
"""Where the template is: in a clone, and where the package is installed without one."""

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def copy_template(folder: str | Path) -> list[str]:
    """Copy the template to a new folder; its name becomes the name of the challenge.

    Parameters
    ----------
    folder : str or Path
        Folder to write. Paths in the copy start where this path starts.

    Returns
    -------
    list of str
        Names of the files.

    Raises
    ------
    UserError
        If the folder exists or cannot be written, its name cannot be that of a challenge, or the template is
        not installed.
    """
    folder = Path(folder)
    files = sorted(_template().iterdir())
    if not folder.exists():
        _check(folder)
    with whole_folder(folder) as temporary:
        for file in files:
            text = _adapted(file.read_text(encoding="utf-8"), folder)
            (temporary / file.name).write_text(text, encoding="utf-8")
    return [file.name for file in files]


def _template() -> Path:
    for place in PLACES:
        if (place / "config.yaml").is_file():
            return place
    places = " or ".join(map(str, PLACES))
    raise UserError(f"the template is not in {places}; copy config/template from the repository of bsnpp")


def _check(folder: Path) -> None:
    if not NAME.fullmatch(folder.name):
        raise UserError(
            f"{folder}: {folder.name!r} cannot be the name of a challenge; expected a letter, then letters, "
            "digits and underscores"
        )
    if re.search(r'[{}"\\\n]', str(folder.parent)):
        raise UserError(f"{folder}: the path contains braces, quotes or backslashes; choose another folder")


def _adapted(text: str, folder: Path) -> str:
    """Put name and place of the copy into a file of the template."""
    text = text.replace("challenge: mine ", f"challenge: {folder.name} ")
    text = text.replace("config/{challenge}/", (folder.parent / "{challenge}").as_posix() + "/")
    return text.replace("config/mine", folder.as_posix())
