"""Write layers of a configuration."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bsnpp.core.files import whole_file


def write_layer(path: str | Path, keys: Mapping[str, Any], heading: str = "") -> None:
    """Write keys that override those of a configuration, as YAML under a comment.

    Parameters
    ----------
    path : str or Path
        The file to write.
    keys : mapping
        The keys in their order.
    heading : str
        Comment in the first line, with its `#`.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    text = yaml.safe_dump(dict(keys), sort_keys=False)
    with whole_file(path) as temporary:
        temporary.write_text(f"{heading}\n{text}" if heading else text, encoding="utf-8")
