"""Read configuration files as Snakemake does, with clear messages."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from bsnpp.core.errors import Faults
from bsnpp.core.json_text import parse_json


def read_config(paths: Iterable[str | Path]) -> dict[str, Any]:
    """Read configuration files and layer them, later ones over earlier ones.

    Parameters
    ----------
    paths : iterable of str or Path
        YAML or JSON files in UTF-8.

    Returns
    -------
    dict
        Sections are merged key by key; lists and plain values are replaced.

    Raises
    ------
    UserError
        Lists every file that cannot be read as a configuration.
    """
    faults = Faults("invalid configuration files")
    config: dict[str, Any] = {}
    for path in paths:
        try:
            config = merge(config, parse_config(Path(path).read_bytes()))
        except OSError as error:
            faults.add(f"{path}: cannot be read: {error.strerror}")
        except ValueError as error:
            faults.add(f"{path}: {error}")
    faults.raise_if_any()
    return config


def parse_config(content: bytes) -> dict[str, Any]:
    """Parse the content of a configuration file.

    Raises
    ------
    ValueError
        If it is not UTF-8 text, neither JSON nor YAML, has no keys at the top level, or has a key
        twice in a section.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"not a UTF-8 text file (byte {error.start}); save it as UTF-8") from error
    try:
        config = _parse_text(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise ValueError(f"not valid YAML: {where}{error.problem}") from error
    except yaml.YAMLError as error:
        raise ValueError(f"not valid YAML: {error}") from error
    except RecursionError as error:
        raise ValueError("brackets or sections are nested too deeply") from error
    if not isinstance(config, dict):
        raise ValueError("no keys at the top level; a configuration is a list of `key: value` lines")
    return config


def _parse_text(text: str) -> Any:
    """Parse JSON or YAML; a key that occurs more than once in a section is an error."""
    try:
        content, repeated = parse_json(text)
    except ValueError:
        return yaml.load(text, _Loader)
    if repeated:
        raise ValueError("; ".join(repeated) + "; remove the duplicate")
    return content


class _Loader(yaml.SafeLoader):
    """Safe loader that refuses a key that occurs more than once in a section."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        first: dict[str, yaml.Node] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and first.setdefault(key.value, key) is not key:
                raise yaml.composer.ComposerError(
                    None,
                    None,
                    f"the key {key.value!r:.80} is already on line "
                    f"{first[key.value].start_mark.line + 1}; remove one of them",
                    key.start_mark,
                )
        return node


def merge(lower: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    """Layer a configuration over another one.

    Examples
    --------
    >>> merge({"a": {"x": 1, "y": 2}, "b": [1, 2]}, {"a": {"y": 3}, "b": [4]})
    {'a': {'x': 1, 'y': 3}, 'b': [4]}
    """
    merged = dict(lower)
    for key, value in upper.items():
        below = merged.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            value = merge(below, value)
        merged[key] = value
    return merged
