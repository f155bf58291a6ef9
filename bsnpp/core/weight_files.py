"""Headers of safetensors files."""

import json

SIZE = 8
"""Bytes at the start of a file that hold the length of its header."""


def metadata_of(data: bytes) -> dict[str, str]:
    """Return the metadata in the header of a safetensors file, given its bytes.

    Raises
    ------
    ValueError
        If the bytes are not those of such a file, or it has no metadata.
    """
    length = int.from_bytes(data[:SIZE], "little")
    header = json.loads(data[SIZE : SIZE + length])
    if not isinstance(header, dict) or not isinstance(header.get("__metadata__"), dict):
        raise ValueError("no metadata in its header")
    return header["__metadata__"]
