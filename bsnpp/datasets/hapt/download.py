"""Fetches the zip from its public address."""

import http.client
import shutil
import urllib.request
import zipfile
from pathlib import Path

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file

SILENCE = 60
"""Seconds without a byte after which the address is given up."""


def download(address: str, path: str | Path) -> None:
    """Fetch a zip; the file is whole or absent afterwards.

    Raises
    ------
    UserError
        If the address cannot be reached or breaks off, or if what comes is no zip.
    """
    advice = "Or fetch it elsewhere and name the file: make hapt DATA=..."
    with whole_file(path) as temporary:
        try:
            with urllib.request.urlopen(address, timeout=SILENCE) as answer, temporary.open("wb") as file:
                shutil.copyfileobj(answer, file)
                expected = int(answer.headers.get("Content-Length") or -1)  # -1: not told
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise UserError(f"{address}: cannot be fetched ({error}); are you offline? {advice}") from error
        size = temporary.stat().st_size
        if expected not in (-1, size):
            raise UserError(f"{address}: broke off after {size} of {expected} bytes; try again. {advice}")
        if not zipfile.is_zipfile(temporary):
            raise UserError(f"{address}: what came ({size} bytes) is no zip. {advice}")
