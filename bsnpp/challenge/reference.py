"""Write the reference of all configuration keys as Markdown."""

import json
from collections.abc import Iterator
from typing import Any

from bsnpp.challenge.model import configuration_schema
from bsnpp.challenge.sheets import Classifier, EncoderStream, ExternalFiles
from bsnpp.features.presets import PRESETS

Schema = dict[str, Any]

WORDS = {"integer": "whole number", "number": "number", "string": "text", "boolean": "true or false"}
BOUNDS = {
    "minimum": ">= {}",
    "exclusiveMinimum": "> {}",
    "maximum": "<= {}",
    "exclusiveMaximum": "< {}",
    "multipleOf": "a multiple of {}",
}


def with_references(text: str) -> str:
    """Insert the tables of keys and columns into a Markdown text.

    Parameters
    ----------
    text : str
        Markdown with a pair of marks per table, e.g. `<!-- keys -->` and `<!-- end of keys -->`; also for
        `presets`, `encoders`, `classifiers` and `external_detections`. What is between them is replaced.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the text lacks a mark.
    """
    tables = {
        "keys": _configuration(),
        "presets": _presets(),
        "encoders": _table("column", EncoderStream.model_json_schema(), {}),
        "classifiers": _table("column", Classifier.model_json_schema(), {}),
        "external_detections": _table("column", ExternalFiles.model_json_schema(), {}),
    }
    for name, table in tables.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, opened, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not (opened and closed):
            raise ValueError(f"the text has no {begin} and {end}")
        text = f"{before}{begin}\n\n{table}\n\n{end}{after}"
    return text


def _presets() -> str:
    """Write one row per public set of features."""
    header = [
        "preset",
        "files",
        "frames per second",
        "channels",
        "frames between snippets",
        "clip",
        "pattern",
    ]
    rows = [
        "| "
        + " | ".join(
            [
                *(f"`{name}`", preset.files, preset.rate),
                *(f"{number:g}" for number in (preset.channels, preset.stride, preset.columns["clip"])),
                f"`{preset.pattern}`" if preset.pattern else "",
            ]
        )
        + " |"
        for name, preset in PRESETS.items()
    ]
    return "\n".join([f"| {' | '.join(header)} |", "|" + "---|" * len(header), *rows])


def _configuration() -> str:
    """Write one table of the plain keys, then one per section, in the order of the settings classes."""
    schema = configuration_schema()
    plain, sections = [], []
    for key, value in schema["properties"].items():
        rows = list(_rows(key, value, key in schema["required"], schema["$defs"]))
        if len(rows) == 1:
            plain += rows
        else:
            meaning = _meaning(value, schema["$defs"])
            heading = f"### {key}\n\n{meaning}."
            sections.append("\n".join([heading, "", *_header("key"), *rows[1:]]))
    return "\n\n".join(["\n".join([*_header("key"), *plain]), *sections])


def _table(first: str, schema: Schema, definitions: dict[str, Schema]) -> str:
    rows = [
        row
        for key, value in schema["properties"].items()
        for row in _rows(key, value, key in schema["required"], definitions)
    ]
    return "\n".join([*_header(first), *rows])


def _header(first: str) -> list[str]:
    return [f"| {first} | values | default | meaning |", "|---|---|---|---|"]


def _rows(path: str, schema: Schema, required: bool, definitions: dict[str, Schema]) -> Iterator[str]:
    """Yield the row of a key, then the rows of the keys below it."""
    values, below = _values(schema, definitions)
    section = next((section for suffix, section in below if not suffix), None)
    default = "required" if required else _default(schema, section)
    yield f"| `{path}` | {values} | {default} | {_meaning(schema, definitions)} |"
    for suffix, section in below:
        required_below = section.get("required", [])
        for key, value in section["properties"].items():
            if "const" not in value:  # the suffix already shows it
                yield from _rows(f"{path}{suffix}.{key}", value, key in required_below, definitions)


def _values(schema: Schema, definitions: dict[str, Schema]) -> tuple[str, list[tuple[str, Schema]]]:
    """Describe the values of a key; also return the sections below it with the suffixes of their paths."""
    if "$ref" in schema:
        return _values(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    if "oneOf" in schema:
        options = [definitions[option["$ref"].rsplit("/", 1)[1]] for option in schema["oneOf"]]
        named = [(f" ({option['properties']['architecture']['const']})", option) for option in options]
        return "section", named
    if "anyOf" in schema:
        parts = [_values(option, definitions) for option in schema["anyOf"] if option.get("type") != "null"]
        return " or ".join(dict.fromkeys(words for words, _ in parts)), parts[0][1]
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")])), []
    if "prefixItems" in schema:  # a tuple, all of one kind
        items = schema["prefixItems"]
        return f"list of {len(items)}: {_values(items[0], definitions)[0]}", []
    if schema["type"] == "array":
        words, below = _values(schema["items"], definitions)
        return f"list of: {words}", [(f"[]{suffix}", section) for suffix, section in below]
    if schema["type"] == "object" and "properties" in schema:
        return "section", [("", schema)]
    if schema["type"] == "object" and schema.get("additionalProperties") is True:
        return "section", []
    if schema["type"] == "object":
        words, below = _values(_named(schema), definitions)
        return f"name: {words}", [(f".<name>{suffix}", section) for suffix, section in below]
    return ", ".join([WORDS[schema["type"]], *_bounds(schema)]), []


def _named(schema: Schema) -> Schema:
    """Return the schema of the values in a section with user-given names."""
    if "patternProperties" in schema:
        return next(iter(schema["patternProperties"].values()))
    return schema["additionalProperties"]


def _bounds(schema: Schema) -> list[str]:
    return [words.format(schema[key]) for key, words in BOUNDS.items() if key in schema]


def _default(schema: Schema, section: Schema | None) -> str:
    """Describe a default; for a section, by how it differs from the defaults of its keys."""
    if "default" not in schema:
        return "see below" if section else "built in"
    default = schema["default"]
    if section and isinstance(default, dict):
        own = {key: value.get("default") for key, value in section["properties"].items()}
        changed = {key: value for key, value in default.items() if own[key] not in (None, value)}
        return ", but ".join(["see below", *(f"`{key}: {value}`" for key, value in changed.items())])
    return "none" if default in (None, "", {}) else f"`{json.dumps(default)}`"


def _meaning(schema: Schema, definitions: dict[str, Schema]) -> str:
    """Return the description of a key, or of its section, on one line."""
    named = definitions[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else {}
    text = schema.get("description") or named["description"].split("\n\n")[0]
    return " ".join(text.split()).removesuffix(".").replace("|", "\\|")
