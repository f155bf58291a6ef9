"""Read the names of numbered classes."""

import re
from collections.abc import Mapping

from bsnpp.annotations.tables import column_of, read_table
from bsnpp.core.class_list import HEADER
from bsnpp.core.errors import Faults
from bsnpp.core.files import read_lines

CONTENT = (
    "the names of numbered classes: one per line, lines of number and name, or a CSV with `id` and `key`"
)
NUMBER = re.compile(r"-?[0-9]{1,9}")
NUMBERED = re.compile(r"(-?[0-9]{1,9})[\s,]+(\S.*)")
COLUMNS = {"number": ("id", "label_id", "class_id", "index"), "name": ("key", "name", "class", "label")}


def read_class_names(path: str) -> dict[int, str]:
    """Read the name of each class number.

    Three forms are read: a CSV table with the columns `id` and `key` (or `name`), as in EPIC-Kitchens; lines
    of number and name, as in the `detclasslist.txt` of THUMOS14; and one name per line, numbered from 0 in
    their order (a first line `action` is a header).

    Raises
    ------
    UserError
        If the file is missing, unreadable or empty, or if a number or a name occurs more than once.
    """
    lines = read_lines(path, CONTENT)
    header = lines[0].split(",") if lines else []
    faults = Faults(f"{path}: should contain {CONTENT}")
    if "," in (lines or [""])[0] and column_of(header, COLUMNS["number"]) is not None:
        pairs = _table(path)
    elif lines and all(map(NUMBERED.fullmatch, lines)):
        pairs = [(match[1], match[2].strip()) for match in map(NUMBERED.fullmatch, lines) if match]
    else:
        pairs = [(str(number), name) for number, name in enumerate(lines[lines[:1] == [HEADER] :])]
    names: dict[int, str] = {}
    for text, name in pairs:
        if not NUMBER.fullmatch(text):
            faults.add(f"{text!r:.40} is not a whole number")
        elif not name or name in names.values() or int(text) in names:
            faults.add(f"class {text}, {name!r}: number or name occurs more than once, or is empty")
        else:
            names[int(text)] = name
    if not pairs:
        faults.add("the file lists no class")
    faults.raise_if_any()
    return names


def _table(path: str) -> list[tuple[str, str]]:
    table = read_table(path, CONTENT)
    number, name = (table.required(path, role, COLUMNS[role]) for role in ("number", "name"))
    return [(row[number].strip(), row[name].strip()) for _, row in table.rows]


def named(label: object, names: Mapping[int, str]) -> object:
    """Return the name of an integer label, also if it is written as text; any other label as it is."""
    if isinstance(label, str) and label not in names.values() and NUMBER.fullmatch(label.strip()):
        return names.get(int(label), label)
    if isinstance(label, int) and not isinstance(label, bool):
        return names.get(label, label)
    return label
