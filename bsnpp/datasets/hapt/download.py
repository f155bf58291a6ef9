"""Fetch the archive from its public address."""

import http.client
import shutil
import urllib.request
import zipfile
from pathlib import Path

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file

SILENCE = 60
"""Time without a byte after which the download is given up [s]."""


def download(address: str, path: str | Path) -> None:
    """Fetch a zip file; afterwards the file is complete or absent.

    Raises
    ------
    UserError
        If the address cannot be reached, if the connection breaks off, or if the file is not a zip file.
    """
    advice = "You can also fetch it elsewhere and name the file: make hapt DATA=..."
    with whole_file(path) as temporary:
        try:
            with urllib.request.urlopen(address, timeout=SILENCE) as answer, temporary.open("wb") as file:
                shutil.copyfileobj(answer, file)
                expected = int(answer.headers.get("Content-Length") or -1)  # -1: unknown
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise UserError(f"{address}: cannot be fetched ({error}); are you offline? {advice}") from error
        size = temporary.stat().st_size
        if expected not in (-1, size):
            raise UserError(f"{address}: broke off after {size} of {expected} bytes; try again. {advice}")
        if not zipfile.is_zipfile(temporary):
            raise UserError(f"{address}: the answer ({size} bytes) is not a zip file. {advice}")
