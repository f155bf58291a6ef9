"""Settings whose allowed values are the keys of a registry."""

import inspect
from collections.abc import Mapping
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


def summaries(registry: Mapping[str, Any]) -> str:
    """Describe every entry of a registry by the first line of its docstring.

    Examples
    --------
    >>> summaries({"low": str.lower})
    'low: return a copy of the string converted to lowercase'
    """
    parts = []
    for name, entry in registry.items():
        first = (inspect.getdoc(entry) or "").partition("\n")[0].removesuffix(".")
        parts.append(f"{name}: {first[:1].lower()}{first[1:]}")
    return "; ".join(parts)


class KeyOf:
    """Annotate a text setting whose value must be a key of a registry.

    The registry is read at every validation, so a key that is registered later is allowed as well. The JSON
    schema lists the current keys.

    Parameters
    ----------
    registry : mapping of str to Any
        The entries by key.
    *others : str
        Further values that are allowed.

    Examples
    --------
    >>> from typing import Annotated
    >>> from pydantic import TypeAdapter
    >>> colours = {"red": 1}
    >>> colour = TypeAdapter(Annotated[str, KeyOf(colours)])
    >>> colours["blue"] = 2
    >>> colour.validate_python("blue")
    'blue'
    >>> colour.json_schema()["enum"]
    ['red', 'blue']
    """

    def __init__(self, registry: Mapping[str, Any], *others: str) -> None:
        self._registry = registry
        self._others = others

    def keys(self) -> list[str]:
        """List the allowed values, the further ones first."""
        return [*self._others, *self._registry]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the key after its type."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """List the keys."""
        return {"type": "string", "enum": self.keys()}

    def _check(self, key: str) -> str:
        if key not in self.keys():
            raise ValueError(f"must be one of {', '.join(self.keys())}")
        return key
