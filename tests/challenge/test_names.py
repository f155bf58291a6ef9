"""Duplicates, unknown names and reserved names."""

from bsnpp.challenge.names import reserved, unknown


def test_a_reserved_name_is_reported_with_the_reason() -> None:
    (fault,) = reserved("panels.", ["scores", "own"], {"scores": "it is a folder"})
    assert fault == "panels.scores: this name is reserved: it is a folder; choose another"


def test_an_unknown_name_is_reported_with_the_known_ones() -> None:
    assert unknown("panel", "x", ["a", "b"]) == "unknown panel 'x'; known: a, b"
    assert unknown("panel", "x", []) == "unknown panel 'x'; known: none"
