"""Damaged copies of a file; the same seed gives the same copy."""

import re
from collections.abc import Callable

import numpy as np

Damage = Callable[[bytes, np.random.Generator], bytes]

BLOCKS = (1, 16, 512, 4096)
NUMBERS = (b"9" * 5000, b"1e999", b"-1", b"NaN", b"Infinity", b"0", b"1e-320", b"0x10", b"1_0", b"true", b"")
WORDS = (
    b"[" * 5000,
    b"{" * 5000,
    b"- " * 2000,
    b"\xff\xfe",
    b"\x00",
    b'"',
    b"\xef\xbb\xbf",
    b"\t",
    b",",
    b"\r",
    b"null",
    b"&a [*a]",
    b"!!python/object/apply:os.system ['touch canary']",
    b"$(touch canary)",
    b"`touch canary`",
    b"../../canary",
)


def truncated(data: bytes, rng: np.random.Generator) -> bytes:
    """Cut the end."""
    return data[: int(rng.integers(0, max(len(data), 1)))]


def flipped(data: bytes, rng: np.random.Generator) -> bytes:
    """Flip up to eight bits."""
    damaged = bytearray(data)
    for place in rng.integers(0, len(data), int(rng.integers(1, 9))):
        damaged[place] ^= 1 << int(rng.integers(8))
    return bytes(damaged)


def flipped_near_an_end(data: bytes, rng: np.random.Generator) -> bytes:
    """Flip a bit of the first or the last 512 bytes, where headers are."""
    damaged = bytearray(data)
    place = int(rng.integers(0, min(512, len(data))))
    damaged[place if rng.integers(2) else -1 - place] ^= 1 << int(rng.integers(8))
    return bytes(damaged)


def zeroed(data: bytes, rng: np.random.Generator) -> bytes:
    """Replace a block by zeros."""
    first, last = _block(data, rng)
    return data[:first] + bytes(last - first) + data[last:]


def repeated(data: bytes, rng: np.random.Generator) -> bytes:
    """Repeat a block."""
    first, last = _block(data, rng)
    return data[:last] + data[first:]


def removed(data: bytes, rng: np.random.Generator) -> bytes:
    """Remove a block."""
    first, last = _block(data, rng)
    return data[:first] + data[last:]


def other_number(data: bytes, rng: np.random.Generator) -> bytes:
    """Replace a number of a text."""
    numbers = list(re.finditer(rb"-?\d+(\.\d+)?", data))
    if not numbers:
        return flipped(data, rng)
    match = numbers[int(rng.integers(len(numbers)))]
    return data[: match.start()] + NUMBERS[int(rng.integers(len(NUMBERS)))] + data[match.end() :]


def inserted(data: bytes, rng: np.random.Generator) -> bytes:
    """Insert something hostile."""
    place = int(rng.integers(0, len(data) + 1))
    return data[:place] + WORDS[int(rng.integers(len(WORDS)))] + data[place:]


def _block(data: bytes, rng: np.random.Generator) -> tuple[int, int]:
    size = BLOCKS[int(rng.integers(len(BLOCKS)))]
    first = int(rng.integers(0, max(len(data) - size, 1)))
    return first, min(first + size, len(data))


BINARY: tuple[Damage, ...] = (truncated, flipped, flipped_near_an_end, zeroed, repeated, removed)
TEXT: tuple[Damage, ...] = (*BINARY, other_number, other_number, inserted, inserted)


def copies(data: bytes, damages: tuple[Damage, ...], count: int, seed: int) -> list[bytes]:
    """Return so many damaged copies; the kinds of damage take turns."""
    made = []
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        made.append(damages[number % len(damages)](data, rng))
    return made
