"""Configuration files: layers, and a clear message for everything that is not one."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bsnpp.challenge.config_files import parse_config, read_config
from bsnpp.challenge.load import load_challenge
from bsnpp.core.errors import UserError
from tests.paths import CONFIG

DEMO = (CONFIG / "demo/config.yaml").read_bytes()


def test_later_files_override_earlier_ones_key_by_key() -> None:
    files = [CONFIG / "demo/config.yaml", CONFIG / "demo/full_size.yaml"]
    config = read_config(files)
    demo, layer = (yaml.safe_load(path.read_text()) for path in files)
    assert config["simulation"] == {**demo["simulation"], **layer["simulation"]}
    assert config["scales"]["regimes"][0] == {"below": 30, "scale": 30}
    assert config["variants"] == demo["variants"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfea: 1", "not a UTF-8 text file (byte 0)"),
        (b"a: [1\nb: {", "not valid YAML: line 2, column 2: "),
        (b"a:\tb\n\tc: 1", "not valid YAML: line "),
        (b"a: *unknown", "not valid YAML: line 1, column 4: found undefined alias"),
        (b"a: \x01", "not valid YAML: "),
        (b"a: !!python/object:os.system x", "not valid YAML: line 1, column 4: "),
        (b"[1, 2]", "no keys at the top level"),
        (b"", "no keys at the top level"),
        (b"[" * 5000, "nested too deeply"),
        (b'{"a":' * 5000, "nested too deeply"),
        (b"a: " + b"9" * 5000, "4300 digits"),
    ],
)
def test_what_is_no_configuration_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        read_config([path, tmp_path / "missing.yaml"])
    message = str(caught.value)
    assert f"{path}: " in message and words in message
    assert f"{tmp_path / 'missing.yaml'}: cannot be read: No such file" in message


def test_a_section_that_contains_itself_is_refused() -> None:
    config = parse_config(DEMO + b"\nsweep: &loop {nms: {own: *loop}}\n")
    with pytest.raises(UserError, match="contain themselves"):
        load_challenge(config)


@given(st.data())
def test_a_damaged_configuration_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(DEMO)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[place] = data.draw(st.integers(0, 255))
        else:
            del content[place : place + data.draw(st.integers(1, 200))]
        if not content:
            break
    try:
        config = parse_config(bytes(content))
    except ValueError as error:
        assert str(error)
        return
    try:
        load_challenge(config)
    except UserError as error:
        assert str(error).startswith("invalid configuration")
