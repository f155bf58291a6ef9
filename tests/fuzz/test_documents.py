"""JSON and YAML files in which some value was replaced by any other one."""

import copy
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.formats import FORMATS
from tests.fuzz.watch import Watched, read_format

DOCUMENTS = [
    name for name, kind in FORMATS.items() if kind.file.endswith((".json", ".yaml")) and not kind.checked
]
EXAMPLES = int(os.environ.get("BSNPP_FUZZ", "8"))

NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -(10**400), 2**63, 1e308, 5e-324, -0.0])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each list or dictionary of a document with each of its keys."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield value, key
        yield from places(inner)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_other_values_end_in_a_message_or_a_result(name: str, tmp_path: Path) -> None:
    kind = FORMATS[name]
    folder = tmp_path / "given"
    folder.mkdir()
    kind.write(folder / kind.file)
    text = (folder / kind.file).read_text()
    yaml_file = kind.file.endswith(".yaml")
    document = yaml.safe_load(text) if yaml_file else json.loads(text)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(value=VALUES, number=st.integers(0, 10_000))
    def check(value: Any, number: int) -> None:
        changed = copy.deepcopy(document)
        entries = list(places(changed))
        parent, key = entries[number % len(entries)]
        parent[key] = value
        content = yaml.safe_dump(changed, allow_unicode=True) if yaml_file else json.dumps(changed)
        outcome = watched.outcome(folder, kind.file, content.encode("utf-8", "surrogatepass"))
        assert outcome == "" or outcome.startswith("refused: "), f"{content:.500}\n{outcome}"

    with Watched(read_format(name)) as watched:
        check()
